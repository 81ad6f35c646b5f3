-- The tables, functions and policies of Relais as all migrations make them. For reading: nothing
-- runs this file. Written by infra/schema; a test checks that it is up to date.

CREATE SCHEMA relais;

CREATE TYPE relais.message_status AS ENUM (
    'queued',
    'cancelled',
    'unknown',
    'parked',
    'accepted',
    'sent',
    'failed',
    'delivered',
    'read',
    'played'
);

CREATE FUNCTION relais.current_member_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('relais.role'::text, true), ''::text);

CREATE FUNCTION relais.current_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (current_setting('relais.role'::text, true) = ANY (ARRAY['super_admin'::text, 'manager'::text, 'admin'::text, 'operator'::text, 'reader'::text, 'service'::text])) THEN (NULLIF(current_setting('relais.workspace_id'::text, true), ''::text))::uuid ELSE NULL::uuid END;

CREATE FUNCTION relais.sees_workspace() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((relais.current_member_role() = ANY (ARRAY['super_admin'::text, 'manager'::text, 'operator'::text, 'reader'::text, 'service'::text])), false);

CREATE TABLE relais.campaign (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    name text NOT NULL,
    purpose text DEFAULT 'marketing'::text NOT NULL,
    template uuid,
    message_1 text,
    message_2 text,
    answer_window_seconds integer DEFAULT 86400 NOT NULL,
    variables jsonb DEFAULT '{}'::jsonb NOT NULL,
    link_base_url text,
    segment text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    audience_creator uuid,
    unknown_policy text DEFAULT 'park'::text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    reason jsonb,
    scheduled_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    total_recipients integer DEFAULT 0 NOT NULL,
    excluded_count integer DEFAULT 0 NOT NULL,
    relaunch_of uuid,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaign_answer_window_seconds_check CHECK ((answer_window_seconds > 0)),
    CONSTRAINT campaign_check CHECK (((template IS NULL) <> (message_1 IS NULL))),
    CONSTRAINT campaign_check1 CHECK (((status <> 'scheduled'::text) OR (scheduled_at IS NOT NULL))),
    CONSTRAINT campaign_message_1_check CHECK ((message_1 <> ''::text)),
    CONSTRAINT campaign_message_2_check CHECK ((message_2 <> ''::text)),
    CONSTRAINT campaign_name_check CHECK ((name <> ''::text)),
    CONSTRAINT campaign_purpose_check CHECK ((purpose = ANY (ARRAY['marketing'::text, 'transactional'::text]))),
    CONSTRAINT campaign_segment_check CHECK ((segment = ANY (ARRAY['active'::text, 'inactive'::text, 'new'::text, 'premium'::text]))),
    CONSTRAINT campaign_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'running'::text, 'paused'::text, 'completed'::text, 'failed'::text, 'stopped'::text]))),
    CONSTRAINT campaign_unknown_policy_check CHECK ((unknown_policy = ANY (ARRAY['park'::text, 'retry_once'::text]))),
    CONSTRAINT campaign_variables_check CHECK ((jsonb_typeof(variables) = 'object'::text))
);

CREATE TABLE relais.outbox (
    message uuid NOT NULL,
    workspace uuid NOT NULL,
    lane uuid NOT NULL,
    priority smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    was_unknown boolean DEFAULT false NOT NULL,
    CONSTRAINT outbox_check CHECK (((state = 'ready'::text) = (lease_until IS NULL))),
    CONSTRAINT outbox_priority_check CHECK (((priority >= 0) AND (priority <= 2))),
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'sending'::text, 'unknown'::text, 'parked'::text])))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_insert_threshold='-1', autovacuum_vacuum_cost_delay='0');

CREATE FUNCTION relais.awaits_names(sought uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT (( SELECT relais.sees_workspace() AS sees_workspace) AND (EXISTS ( SELECT
            FROM (( SELECT awaits_names.sought AS id
                 UNION ALL
                  SELECT campaign.id
                    FROM relais.campaign
                   WHERE ((campaign.channel = awaits_names.sought) AND ((campaign.completed_at IS NULL) OR (campaign.completed_at > (statement_timestamp() - '01:00:00'::interval))) AND (campaign.workspace = ( SELECT relais.current_workspace() AS current_workspace)))) lane
              CROSS JOIN LATERAL ( SELECT
                    FROM relais.outbox
                   WHERE ((outbox.workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (outbox.lane = lane.id) AND (outbox.state = ANY (ARRAY['sending'::text, 'unknown'::text])))
                  LIMIT 1) taken))));
END;

CREATE FUNCTION relais.belongs_in_lane(sought uuid, lane uuid) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM relais.message
        WHERE message.workspace = (SELECT relais.current_workspace()) AND message.id = sought
            AND coalesce(message.campaign, message.channel) = lane
    );
END
$$;

CREATE FUNCTION relais.is_platform() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('relais.scope'::text, true) = 'platform'::text), false);

CREATE TABLE relais.task (
    id uuid NOT NULL,
    queue text NOT NULL,
    priority smallint DEFAULT 2 NOT NULL,
    run_at timestamp with time zone NOT NULL,
    workspace uuid,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer NOT NULL,
    lease_token bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    expires_at timestamp with time zone,
    dedupe_key text,
    again boolean DEFAULT false NOT NULL,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    worker text,
    CONSTRAINT task_max_attempts_check CHECK ((max_attempts > 0)),
    CONSTRAINT task_priority_check CHECK (((priority >= 0) AND (priority <= 3)))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_insert_threshold='-1', autovacuum_vacuum_cost_delay='0');

CREATE FUNCTION relais.campaigns_to_complete(most integer) RETURNS TABLE(campaign uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT campaign.id,
     campaign.workspace
    FROM relais.campaign
   WHERE (relais.is_platform() AND (campaign.status = 'running'::text) AND (( SELECT count(*) AS count
            FROM ( SELECT
                    FROM relais.outbox
                   WHERE ((outbox.workspace = campaign.workspace) AND (outbox.lane = campaign.id) AND (outbox.lease_until IS NULL))
                   ORDER BY outbox.priority, outbox.due_at
                  LIMIT 1) waiting) = 0) AND (( SELECT count(*) AS count
            FROM ( SELECT
                    FROM relais.outbox
                   WHERE ((outbox.workspace = campaign.workspace) AND (outbox.lane = campaign.id) AND (outbox.state = ANY (ARRAY['sending'::text, 'unknown'::text])))
                  LIMIT 1) taken) = 0) AND (( SELECT count(*) AS count
            FROM relais.task
           WHERE ((task.workspace = campaign.workspace) AND (task.queue = 'campaigns'::text) AND (task.dedupe_key = ('complete '::text || campaign.id)))) = 0))
  LIMIT campaigns_to_complete.most;
END;

CREATE FUNCTION relais.campaigns_to_start(most integer) RETURNS TABLE(campaign uuid, workspace uuid, scheduled_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT campaign.id,
     campaign.workspace,
     campaign.scheduled_at
    FROM relais.campaign
   WHERE (relais.is_platform() AND (campaign.status = 'scheduled'::text) AND (campaign.scheduled_at <= statement_timestamp()) AND (( SELECT count(*) AS count
            FROM relais.task
           WHERE ((task.workspace = campaign.workspace) AND (task.queue = 'campaigns'::text) AND (task.dedupe_key = ((('start '::text || campaign.id) || ' '::text) || ((EXTRACT(epoch FROM campaign.scheduled_at) * (1000000)::numeric))::bigint)))) = 0))
   ORDER BY campaign.scheduled_at
  LIMIT campaigns_to_start.most;
END;

CREATE FUNCTION relais.is_timezone(name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
    PERFORM timestamp '2000-01-01' AT TIME ZONE name;
    RETURN true;
EXCEPTION
    WHEN invalid_parameter_value THEN RETURN false;
END
$$;

CREATE FUNCTION relais.known_timezone(name text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN relais.is_timezone(name) THEN name ELSE 'UTC'::text END;

CREATE FUNCTION relais.period_start(day date, renews_on integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT max(renewal.start) AS max FROM (((VALUES (0), (1)) back(months) CROSS JOIN LATERAL (SELECT ((date_trunc('month'::text, (period_start.day)::timestamp with time zone) - make_interval(months => back.months)))::date AS first) month) CROSS JOIN LATERAL (SELECT LEAST(((month.first + period_start.renews_on) - 1), (((month.first + '1 mon'::interval) - '1 day'::interval))::date) AS start) renewal) WHERE (renewal.start <= period_start.day));

CREATE FUNCTION relais.quiet_end(moment timestamp with time zone, quiet_from time without time zone, quiet_until time without time zone, timezone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT CASE WHEN ((quiet_end.quiet_from < quiet_end.quiet_until) AND (wall.at >= quiet_end.quiet_from) AND (wall.at < quiet_end.quiet_until)) THEN ((wall.day + quiet_end.quiet_until) AT TIME ZONE place.zone) WHEN ((quiet_end.quiet_from > quiet_end.quiet_until) AND (wall.at >= quiet_end.quiet_from)) THEN (((wall.day + 1) + quiet_end.quiet_until) AT TIME ZONE place.zone) WHEN ((quiet_end.quiet_from > quiet_end.quiet_until) AND (wall.at < quiet_end.quiet_until)) THEN ((wall.day + quiet_end.quiet_until) AT TIME ZONE place.zone) ELSE NULL::timestamp with time zone END AS "case" FROM ((SELECT relais.known_timezone(quiet_end.timezone) AS zone OFFSET 0) place CROSS JOIN LATERAL (SELECT ((quiet_end.moment AT TIME ZONE place.zone))::date AS day, ((quiet_end.moment AT TIME ZONE place.zone))::time without time zone AS at) wall));

CREATE FUNCTION relais.quota_standing(day date, renews_on integer, latest date, latest_carried integer, latest_used integer) RETURNS TABLE(starts_on date, carried integer, used integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT GREATEST(calendar.start, quota_standing.latest) AS "greatest",
         CASE
             WHEN (quota_standing.latest IS NULL) THEN 0
             WHEN (quota_standing.latest >= calendar.start) THEN quota_standing.latest_carried
             WHEN ((quota_standing.latest + '1 mon'::interval) > quota_standing.day) THEN (quota_standing.latest_carried + quota_standing.latest_used)
             ELSE 0
         END AS "case",
         CASE
             WHEN (quota_standing.latest >= calendar.start) THEN quota_standing.latest_used
             ELSE 0
         END AS "case"
    FROM ( SELECT relais.period_start(quota_standing.day, quota_standing.renews_on) AS start) calendar;
END;

CREATE TABLE relais.channel (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    name text NOT NULL,
    provider text NOT NULL,
    base_url text NOT NULL,
    external_id text NOT NULL,
    account_id text,
    api_version text,
    phone text,
    access bytea NOT NULL,
    webhook bytea NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    reason jsonb,
    interval_us bigint NOT NULL,
    burst integer NOT NULL,
    jitter_percent integer DEFAULT 0 NOT NULL,
    lot_size integer,
    lot_pause_us bigint,
    pair_gap_seconds integer DEFAULT 6 NOT NULL,
    daily_cap integer NOT NULL,
    timezone text NOT NULL,
    quiet_from time without time zone,
    quiet_until time without time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    news_at timestamp with time zone,
    messaging_limit text,
    warning jsonb,
    noted_at timestamp with time zone,
    marketing_api boolean DEFAULT false NOT NULL,
    CONSTRAINT channel_burst_check CHECK (((burst >= 1) AND (burst <= 100000))),
    CONSTRAINT channel_check CHECK (((lot_size IS NULL) = (lot_pause_us IS NULL))),
    CONSTRAINT channel_check1 CHECK (((quiet_from IS NULL) = (quiet_until IS NULL))),
    CONSTRAINT channel_daily_cap_check CHECK ((daily_cap >= 0)),
    CONSTRAINT channel_external_id_check CHECK ((external_id <> ''::text)),
    CONSTRAINT channel_interval_us_check CHECK (((interval_us >= 1) AND (interval_us <= '86400000000'::bigint))),
    CONSTRAINT channel_jitter_percent_check CHECK (((jitter_percent >= 0) AND (jitter_percent <= 90))),
    CONSTRAINT channel_lot_pause_us_check CHECK ((lot_pause_us > 0)),
    CONSTRAINT channel_lot_size_check CHECK ((lot_size > 0)),
    CONSTRAINT channel_name_check CHECK ((name <> ''::text)),
    CONSTRAINT channel_pair_gap_seconds_check CHECK ((pair_gap_seconds >= 0)),
    CONSTRAINT channel_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text]))),
    CONSTRAINT channel_timezone_check CHECK (relais.is_timezone(timezone))
);

CREATE TABLE relais.channel_state (
    channel uuid NOT NULL,
    workspace uuid NOT NULL,
    held_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    held_reason jsonb,
    lot_sent integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    served_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    obstacles smallint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500', autovacuum_vacuum_cost_delay='0');

CREATE TABLE relais.counter (
    key text NOT NULL,
    day date NOT NULL,
    workspace uuid NOT NULL,
    timezone text NOT NULL,
    used integer NOT NULL,
    cap integer NOT NULL,
    granted integer NOT NULL,
    CONSTRAINT counter_cap_check CHECK ((cap >= 0)),
    CONSTRAINT counter_timezone_check CHECK (relais.is_timezone(timezone)),
    CONSTRAINT counter_used_check CHECK ((used >= 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500', autovacuum_vacuum_cost_delay='0');

CREATE TABLE relais.quota_period (
    workspace uuid NOT NULL,
    starts_on date NOT NULL,
    used integer NOT NULL,
    quota integer,
    granted integer NOT NULL,
    carried integer DEFAULT 0 NOT NULL,
    CONSTRAINT quota_period_carried_check CHECK ((carried >= 0)),
    CONSTRAINT quota_period_quota_check CHECK ((quota >= 0)),
    CONSTRAINT quota_period_used_check CHECK ((used >= 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');

CREATE TABLE relais.rate_bucket (
    key text NOT NULL,
    workspace uuid NOT NULL,
    interval_us bigint NOT NULL,
    burst integer NOT NULL,
    theoretical_arrival bigint DEFAULT 0 NOT NULL,
    granted integer DEFAULT 0 NOT NULL,
    first_at bigint DEFAULT 0 NOT NULL,
    seen_at bigint DEFAULT 0 NOT NULL,
    CONSTRAINT rate_bucket_burst_check CHECK (((burst >= 1) AND (burst <= 100000))),
    CONSTRAINT rate_bucket_interval_us_check CHECK (((interval_us >= 1) AND (interval_us <= '86400000000'::bigint)))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500', autovacuum_vacuum_cost_delay='0');

CREATE TABLE relais.workspace (
    id uuid NOT NULL,
    name text NOT NULL,
    timezone text DEFAULT 'Europe/Paris'::text NOT NULL,
    monthly_message_quota integer,
    quota_renews_on smallint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspace_monthly_message_quota_check CHECK ((monthly_message_quota >= 0)),
    CONSTRAINT workspace_name_check CHECK ((name <> ''::text)),
    CONSTRAINT workspace_quota_renews_on_check CHECK (((quota_renews_on >= 1) AND (quota_renews_on <= 31))),
    CONSTRAINT workspace_timezone_check CHECK (relais.is_timezone(timezone))
);

CREATE FUNCTION relais.channel_standings(most integer) RETURNS TABLE(channel uuid, workspace uuid, due integer, room integer, opens_at timestamp with time zone, since timestamp with time zone, next_due timestamp with time zone, priority smallint, served_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH lane AS MATERIALIZED (
          SELECT open.channel,
             open.workspace,
             open.id
            FROM (( SELECT channel_1.id AS channel,
                     channel_1.workspace,
                     channel_1.id
                    FROM relais.channel channel_1
                   WHERE (channel_1.status = 'active'::text)
                 UNION ALL
                  SELECT campaign.channel,
                     campaign.workspace,
                     campaign.id
                    FROM (relais.campaign
                      JOIN relais.channel channel_1 ON (((channel_1.workspace = campaign.workspace) AND (channel_1.id = campaign.channel) AND (channel_1.status = 'active'::text))))
                   WHERE (campaign.status = 'running'::text)) open
              CROSS JOIN LATERAL ( SELECT
                    FROM relais.outbox
                   WHERE ((outbox.workspace = open.workspace) AND (outbox.lane = open.id) AND (outbox.lease_until IS NULL))
                   ORDER BY outbox.priority, outbox.due_at
                  LIMIT 1) waiting)
         ), work AS MATERIALIZED (
          SELECT lane.channel,
             (LEAST(sum(now.due), (channel_standings.most)::numeric))::integer AS due,
             min(now.since) AS since,
             min(now.priority) AS priority,
             min(later.next_due) AS next_due
            FROM ((lane
              CROSS JOIN LATERAL ( SELECT count(*) AS due,
                     min(message.due_at) AS since,
                     min(message.priority) AS priority
                    FROM ( SELECT first.due_at,
                             class.priority
                            FROM (( VALUES ((0)::smallint), ((1)::smallint), ((2)::smallint)) class(priority)
                              CROSS JOIN LATERAL ( SELECT outbox.due_at
                                    FROM relais.outbox
                                   WHERE ((outbox.workspace = lane.workspace) AND (outbox.lane = lane.id) AND (outbox.priority = class.priority) AND (outbox.lease_until IS NULL) AND (outbox.due_at <= statement_timestamp()))
                                   ORDER BY outbox.due_at
                                  LIMIT channel_standings.most) first)
                          LIMIT channel_standings.most) message) now)
              CROSS JOIN LATERAL ( SELECT min(first.due_at) AS next_due
                    FROM (( VALUES ((0)::smallint), ((1)::smallint), ((2)::smallint)) class(priority)
                      CROSS JOIN LATERAL ( SELECT outbox.due_at
                            FROM relais.outbox
                           WHERE ((outbox.workspace = lane.workspace) AND (outbox.lane = lane.id) AND (outbox.priority = class.priority) AND (outbox.lease_until IS NULL) AND (outbox.due_at > statement_timestamp()))
                           ORDER BY outbox.due_at
                          LIMIT 1) first)) later)
           GROUP BY lane.channel
         )
  SELECT channel.id,
     channel.workspace,
     work.due,
     (LEAST(tokens.count, (allowance.day)::bigint, (allowance.month)::bigint))::integer AS "least",
         CASE
             WHEN (allowance.month <= 0) THEN 'infinity'::timestamp with time zone
             ELSE GREATEST(pace.held_until, tokens.at, relais.quiet_end(statement_timestamp(), channel.quiet_from, channel.quiet_until, place.zone),
             CASE
                 WHEN (allowance.day <= 0) THEN (((allowance.today + 1))::timestamp without time zone AT TIME ZONE place.zone)
                 ELSE NULL::timestamp with time zone
             END)
         END AS "greatest",
     GREATEST(work.since, pace.held_until, tokens.at) AS "greatest",
     work.next_due,
     work.priority,
     pace.served_at
    FROM ((((((((((work
      JOIN relais.channel ON ((channel.id = work.channel)))
      JOIN relais.workspace ON ((workspace.id = channel.workspace)))
      JOIN relais.channel_state pace ON ((pace.channel = channel.id)))
      LEFT JOIN relais.rate_bucket bucket ON (((bucket.workspace = channel.workspace) AND (bucket.key = ('channel:'::text || channel.id)))))
      CROSS JOIN LATERAL ( SELECT relais.known_timezone(channel.timezone) AS zone,
             relais.known_timezone(workspace.timezone) AS zone_of_workspace
          OFFSET 0) place)
      CROSS JOIN LATERAL ( SELECT ((EXTRACT(epoch FROM statement_timestamp()) * (1000000)::numeric))::bigint AS now,
             (bucket.theoretical_arrival - ((bucket.burst - 1) * bucket.interval_us)) AS first) clock)
      CROSS JOIN LATERAL ( SELECT COALESCE(
                 CASE
                     WHEN (clock.first > clock.now) THEN (0)::bigint
                     ELSE LEAST((bucket.burst)::bigint, (((clock.now - clock.first) / bucket.interval_us) + 1))
                 END, (1)::bigint) AS count,
             ('1970-01-01 00:00:00+00'::timestamp with time zone + ((clock.first)::double precision * '00:00:00.000001'::interval)) AS at) tokens)
      LEFT JOIN LATERAL ( SELECT period_1.starts_on,
             period_1.carried,
             period_1.used
            FROM relais.quota_period period_1
           WHERE (period_1.workspace = channel.workspace)
           ORDER BY period_1.starts_on DESC
          LIMIT 1) latest ON (true))
      CROSS JOIN LATERAL relais.quota_standing(((statement_timestamp() AT TIME ZONE place.zone_of_workspace))::date, (workspace.quota_renews_on)::integer, latest.starts_on, latest.carried, latest.used) period(starts_on, carried, used))
      CROSS JOIN LATERAL ( SELECT calendar.today,
             (channel.daily_cap - COALESCE(( SELECT counter.used
                    FROM relais.counter
                   WHERE ((counter.workspace = channel.workspace) AND (counter.key = ('channel:'::text || channel.id)) AND (counter.day = calendar.today))), 0)) AS day,
             ((workspace.monthly_message_quota - period.carried) - period.used) AS month
            FROM ( SELECT ((statement_timestamp() AT TIME ZONE place.zone))::date AS today) calendar) allowance);
END;

CREATE FUNCTION relais.channel_prospects(most integer) RETURNS TABLE(channel uuid, workspace uuid, due integer, room integer, opens_at timestamp with time zone, since timestamp with time zone, next_due timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT standing.channel,
     standing.workspace,
     standing.due,
     standing.room,
     standing.opens_at,
     standing.since,
     standing.next_due
    FROM relais.channel_standings(channel_prospects.most) standing(channel, workspace, due, room, opens_at, since, next_due, priority, served_at);
END;

CREATE TABLE relais.message (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    campaign uuid,
    contact uuid NOT NULL,
    step smallint NOT NULL,
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    body text NOT NULL,
    template uuid,
    parameters jsonb,
    follow_up text,
    status relais.message_status DEFAULT 'queued'::relais.message_status NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    reason jsonb,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    accepted_at timestamp with time zone,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    failed_at timestamp with time zone,
    failures smallint DEFAULT 0 NOT NULL,
    returned_attempt integer DEFAULT 0 NOT NULL,
    CONSTRAINT message_check CHECK (((campaign IS NULL) = (step = 0))),
    CONSTRAINT message_parameters_check CHECK ((jsonb_typeof(parameters) = 'array'::text)),
    CONSTRAINT message_step_check CHECK (((step >= 0) AND (step <= 2)))
)
WITH (fillfactor='70');

CREATE FUNCTION relais.channels_to_ask(providers text[]) RETURNS TABLE(channel uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT DISTINCT channel.id,
     channel.workspace
    FROM ((relais.outbox
      JOIN relais.message ON (((message.workspace = outbox.workspace) AND (message.id = outbox.message))))
      JOIN relais.channel ON (((channel.workspace = message.workspace) AND (channel.id = message.channel))))
   WHERE (relais.is_platform() AND (outbox.state = 'unknown'::text) AND (outbox.due_at <= statement_timestamp()) AND (channel.provider = ANY (channels_to_ask.providers)));
END;

CREATE TABLE relais.contact (
    workspace uuid NOT NULL,
    id uuid NOT NULL,
    phone text,
    first_name text,
    last_name text,
    email text,
    language text,
    segment text DEFAULT 'new'::text NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    opted_in_at timestamp with time zone,
    opt_in_source text,
    status text DEFAULT 'active'::text NOT NULL,
    status_changed_at timestamp with time zone,
    whatsapp_verified boolean,
    verified_at timestamp with time zone,
    last_activity_at timestamp with time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    merged_into uuid,
    CONSTRAINT contact_attributes_check CHECK ((jsonb_typeof(attributes) = 'object'::text)),
    CONSTRAINT contact_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT contact_segment_check CHECK ((segment = ANY (ARRAY['active'::text, 'inactive'::text, 'new'::text, 'premium'::text]))),
    CONSTRAINT contact_status_check CHECK ((status = ANY (ARRAY['active'::text, 'unsubscribed'::text, 'blocked'::text])))
);

CREATE FUNCTION relais.channels_to_verify(providers text[]) RETURNS TABLE(channel uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT channel.id,
     channel.workspace
    FROM relais.channel
   WHERE (relais.is_platform() AND (channel.status = 'active'::text) AND (channel.provider = ANY (channels_to_verify.providers)) AND (( SELECT count(*) AS count
            FROM ( SELECT
                    FROM relais.contact
                   WHERE ((contact.workspace = channel.workspace) AND (contact.whatsapp_verified IS NULL) AND (contact.phone IS NOT NULL) AND (contact.status = 'active'::text))
                   ORDER BY contact.id
                  LIMIT 1) unverified) > 0) AND (( SELECT count(*) AS count
            FROM relais.task
           WHERE ((task.workspace = channel.workspace) AND (task.queue = 'verify'::text) AND (task.dedupe_key = (channel.id)::text))) = 0));
END;

CREATE FUNCTION relais.current_caller() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('relais.caller'::text, true), ''::text);

CREATE FUNCTION relais.current_member() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('relais.user_id'::text, true), ''::text))::uuid;

CREATE FUNCTION relais.fold_message_moves(most integer) RETURNS TABLE(folded integer, workspace uuid, error text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
    folded := 0;
    IF NOT relais.is_platform() OR NOT pg_try_advisory_xact_lock(hashtext('relais.message_move'))
    THEN
        RETURN NEXT;
        RETURN;
    END IF;
    BEGIN
        folded := relais.fold_moves_of(NULL, most);
        RETURN NEXT;
        RETURN;
    EXCEPTION WHEN OTHERS THEN
        folded := 0;
    END;
    -- In any order, so that a call that ends early leaves out others each time.
    FOR workspace IN
        SELECT tenant.id FROM (SELECT DISTINCT move.workspace AS id FROM relais.message_move AS move)
            AS tenant
        ORDER BY random()
    LOOP
        BEGIN
            folded := relais.fold_moves_of(workspace, most);
            error := NULL;
        EXCEPTION WHEN OTHERS THEN
            folded := 0;
            error := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;

CREATE FUNCTION relais.fold_moves_of(tenant uuid, most integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
DECLARE
    folded integer;
BEGIN
    WITH taken AS MATERIALIZED (
        DELETE FROM relais.message_move
        WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM relais.message_move
            WHERE tenant IS NULL OR workspace = tenant LIMIT most
        ))
        RETURNING *
    ), change AS (
        SELECT workspace, campaign, step, became AS status, reason, messages FROM taken
        WHERE became IS NOT NULL
        UNION ALL
        SELECT workspace, campaign, step, was, was_reason, -messages
        FROM taken WHERE was IS NOT NULL
    ), counted AS (
        INSERT INTO relais.campaign_count AS kept (workspace, campaign, step, status, messages)
        SELECT change.workspace, campaign, step, change.status, sum(messages)
        FROM change JOIN relais.campaign ON campaign.workspace = change.workspace
            AND campaign.id = change.campaign
        GROUP BY change.workspace, campaign, step, change.status
        ON CONFLICT (workspace, campaign, step, status) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), failed AS (
        INSERT INTO relais.campaign_failure AS kept
            (workspace, campaign, code, french, reason, messages)
        SELECT change.workspace, campaign, change.reason ->> 'code', change.reason ->> 'fr',
            min(change.reason::text)::jsonb, sum(messages)
        FROM change JOIN relais.campaign ON campaign.workspace = change.workspace
            AND campaign.id = change.campaign
        WHERE change.status = 'failed'
        GROUP BY change.workspace, campaign, change.reason ->> 'code', change.reason ->> 'fr'
        ON CONFLICT (workspace, campaign, code, french) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), moved AS (
        INSERT INTO relais.channel_day AS kept (workspace, channel, day, was, became, messages)
        SELECT workspace, channel, day, was, became, sum(messages)
        FROM taken WHERE day IS NOT NULL AND messages > 0 AND was IS DISTINCT FROM became
        GROUP BY workspace, channel, day, was, became
        ON CONFLICT (workspace, channel, day, was, became) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), answered AS (
        INSERT INTO relais.campaign_answer AS kept (workspace, campaign, contacts)
        SELECT taken.workspace, taken.campaign, sum(answers)
        FROM taken JOIN relais.campaign ON campaign.workspace = taken.workspace
            AND campaign.id = taken.campaign
        WHERE answers > 0
        GROUP BY taken.workspace, taken.campaign
        ON CONFLICT (workspace, campaign) DO UPDATE
        SET contacts = kept.contacts + excluded.contacts
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
$$;

CREATE FUNCTION relais.forget_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $_$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY[
        'task', 'task_dead', 'outbox', 'link_click', 'interaction', 'orphan_status',
        'message_reference', 'message_amendment', 'message', 'conversation', 'campaign_category',
        'campaign_exclusion', 'campaign_count', 'campaign_failure', 'campaign_answer', 'link',
        'campaign', 'category_member', 'category', 'number_check', 'contact_identity', 'contact',
        'template', 'webhook_inbox', 'inbox_turn', 'channel_state', 'channel', 'channel_day',
        'message_move', 'rate_bucket', 'counter', 'counter_history', 'quota_period',
        'quota_history', 'idempotency'
    ] LOOP
        EXECUTE format('DELETE FROM relais.%I WHERE workspace = $1', relation) USING OLD.id;
    END LOOP;
    RETURN NULL;
END
$_$;

CREATE FUNCTION relais.inbox_lines() RETURNS TABLE(channel uuid, held_until timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    WITH RECURSIVE line (workspace, channel, lease_until) AS (
        (SELECT inbox.workspace, inbox.channel, inbox.lease_until
        FROM relais.webhook_inbox AS inbox WHERE inbox.state = 'received'
        ORDER BY inbox.workspace, inbox.channel, inbox.received_at, inbox.id LIMIT 1)
        UNION ALL
        SELECT next.workspace, next.channel, next.lease_until
        FROM line
        CROSS JOIN LATERAL (
            SELECT inbox.workspace, inbox.channel, inbox.lease_until
            FROM relais.webhook_inbox AS inbox
            WHERE inbox.state = 'received'
                AND (inbox.workspace, inbox.channel) > (line.workspace, line.channel)
            ORDER BY inbox.workspace, inbox.channel, inbox.received_at, inbox.id LIMIT 1
        ) AS next
    )
    SELECT line.channel, line.lease_until FROM line;
$$;

CREATE FUNCTION relais.is_service() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((relais.current_member_role() = 'service'::text), false);

CREATE FUNCTION relais.keep_webhooks(ids uuid[], workspaces uuid[], channels uuid[], providers text[], dedupe_keys text[], bodies bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $_$
DECLARE
    added integer;
BEGIN
    IF NOT relais.is_platform() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the platform keeps webhooks';
    END IF;
    INSERT INTO relais.webhook_inbox
        (id, workspace, channel, provider, dedupe_key, body, received_at)
    SELECT kept.*, statement_timestamp()
    FROM unnest($1, $2, $3, $4, $5, $6)
        AS kept (id, workspace, channel, provider, dedupe_key, body)
    ORDER BY kept.channel, kept.dedupe_key
    ON CONFLICT ON CONSTRAINT webhook_inbox_once DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added = cardinality(ids) THEN
        RETURN;
    END IF;
    -- DO UPDATE instead would wait for whoever reads the first delivery.
    UPDATE relais.webhook_inbox AS inbox
    SET id = again.new_id, received_at = statement_timestamp(), state = 'received', attempts = 0,
        claims = 0, read_count = 0, failed_count = 0, lease_until = NULL, processed_at = NULL,
        error = NULL
    FROM (
        SELECT past.workspace, past.id, kept.id AS new_id
        FROM unnest($1, $2, $3, $5) AS kept (id, workspace, channel, dedupe_key)
        JOIN relais.webhook_inbox AS past
            ON past.workspace = kept.workspace AND past.channel = kept.channel
                AND past.dedupe_key = kept.dedupe_key
        WHERE past.state IN ('done', 'failed')
            AND past.received_at < statement_timestamp() - interval '30 minutes'
        ORDER BY past.channel, past.dedupe_key FOR UPDATE OF past
    ) AS again
    WHERE inbox.workspace = again.workspace AND inbox.id = again.id;
END
$_$;

CREATE TABLE relais.link (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    "position" smallint NOT NULL,
    url text NOT NULL,
    CONSTRAINT link_position_check CHECK (("position" >= 0)),
    CONSTRAINT link_url_check CHECK ((url <> ''::text))
);

CREATE FUNCTION relais.link_target(sought uuid, place smallint) RETURNS TABLE(workspace uuid, campaign uuid, contact uuid, url text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT message.workspace,
     message.campaign,
     message.contact,
     link.url
    FROM (relais.message
      JOIN relais.link ON (((link.workspace = message.workspace) AND (link.campaign = message.campaign) AND (link."position" = link_target.place))))
   WHERE (relais.is_platform() AND (message.id = link_target.sought));
END;

CREATE FUNCTION relais.may_configure() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((relais.current_member_role() = ANY (ARRAY['super_admin'::text, 'service'::text])), false);

CREATE FUNCTION relais.may_write() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((relais.current_member_role() = ANY (ARRAY['super_admin'::text, 'manager'::text, 'admin'::text, 'service'::text])), false);

CREATE FUNCTION relais.messages_to_send(most integer, others_than uuid[]) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT COALESCE(sum(LEAST(standing.due, standing.room)), (0)::bigint) AS "coalesce"
    FROM relais.channel_standings(messages_to_send.most) standing(channel, workspace, due, room, opens_at, since, next_due, priority, served_at)
   WHERE (relais.is_platform() AND (standing.due > 0) AND (standing.opens_at <= statement_timestamp()) AND (NOT (standing.channel = ANY (messages_to_send.others_than))));
END;

CREATE FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[]) RETURNS TABLE(message uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH oldest AS MATERIALIZED (
          SELECT candidate.id
            FROM ( SELECT COALESCE(campaign.id, waiting_1.message) AS id
                    FROM ((unnest(messages_waiting.lanes) lane(id)
                      LEFT JOIN LATERAL ( SELECT campaign_1.id
                            FROM relais.campaign campaign_1
                           WHERE (campaign_1.id = lane.id)
                          LIMIT 1) campaign ON (true))
                      LEFT JOIN LATERAL ( SELECT outbox.message
                            FROM relais.outbox
                           WHERE ((campaign.id IS NULL) AND (outbox.lane = lane.id) AND (outbox.workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (outbox.lease_until IS NULL))
                           ORDER BY outbox.priority, outbox.due_at
                          LIMIT 1000) waiting_1 ON (true))) candidate
           WHERE (candidate.id IS NOT NULL)
           ORDER BY candidate.id
          LIMIT 1
         )
  SELECT waiting.message
    FROM (((oldest
      CROSS JOIN unnest(messages_waiting.contacts) person(id))
      CROSS JOIN LATERAL ( SELECT message.id,
             message.workspace
            FROM relais.message
           WHERE ((message.workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (message.contact = person.id) AND (message.id >= oldest.id))
           ORDER BY message.id DESC
          LIMIT 1000) said)
      CROSS JOIN LATERAL ( SELECT outbox.message
            FROM relais.outbox
           WHERE ((outbox.message = said.id) AND (outbox.workspace = said.workspace) AND (outbox.lane = ANY (messages_waiting.lanes)) AND (outbox.lease_until IS NULL))
          LIMIT 1) waiting)
   WHERE ( SELECT relais.sees_workspace() AS sees_workspace);
END;

CREATE FUNCTION relais.note_first_answers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
    INSERT INTO relais.message_move (workspace, channel, campaign, step, day, messages, answers)
    SELECT first.workspace, min(channel::text)::uuid, campaign, 1,
        (now() AT TIME ZONE relais.known_timezone(timezone))::date, 0, count(DISTINCT contact)
    FROM heard AS first JOIN relais.workspace ON workspace.id = first.workspace
    WHERE campaign IS NOT NULL AND kind IN ('reply', 'choice', 'reaction')
        AND NOT EXISTS (
            SELECT FROM relais.interaction AS earlier
            WHERE earlier.workspace = first.workspace AND earlier.contact = first.contact
                AND earlier.campaign = first.campaign
                AND earlier.kind IN ('reply', 'choice', 'reaction')
                AND earlier.id NOT IN (SELECT id FROM heard)
        )
    GROUP BY first.workspace, campaign, timezone;
    RETURN NULL;
END
$$;

CREATE FUNCTION relais.note_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
    INSERT INTO relais.message_move
        (workspace, channel, campaign, step, day, was, became, was_reason, reason, messages)
    SELECT workspace, channel, campaign, step, day,
        CASE TG_OP WHEN 'DELETE' THEN status END, CASE TG_OP WHEN 'INSERT' THEN status END,
        CASE TG_OP WHEN 'DELETE' THEN reason END, CASE TG_OP WHEN 'INSERT' THEN reason END, count
    FROM (
        SELECT message.workspace, channel, campaign, step,
            (now() AT TIME ZONE relais.known_timezone(timezone))::date AS day, status,
            min(CASE status WHEN 'failed' THEN reason::text END)::jsonb AS reason, count(*)
        FROM touched AS message JOIN relais.workspace ON workspace.id = message.workspace
        GROUP BY message.workspace, channel, campaign, step, timezone, status,
            CASE status WHEN 'failed' THEN reason ->> 'code' END,
            CASE status WHEN 'failed' THEN reason ->> 'fr' END
    ) AS touched_messages;
    RETURN NULL;
END
$$;

CREATE FUNCTION relais.note_moved_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
    INSERT INTO relais.message_move
        (workspace, channel, campaign, step, day, was, became, was_reason, reason, messages)
    SELECT move.workspace, channel, campaign, step, (now() AT TIME ZONE relais.known_timezone(timezone))::date, was,
        became, min(was_reason::text)::jsonb, min(reason::text)::jsonb, count(*)
    FROM (
        SELECT after.workspace, after.channel, after.campaign, after.step, before.status AS was,
            after.status AS became,
            CASE before.status WHEN 'failed' THEN before.reason END AS was_reason,
            CASE after.status WHEN 'failed' THEN after.reason END AS reason
        FROM before JOIN after ON after.id = before.id
        WHERE after.status <> before.status
            OR after.status = 'failed' AND after.reason IS DISTINCT FROM before.reason
    ) AS move JOIN relais.workspace ON workspace.id = move.workspace
    GROUP BY move.workspace, channel, campaign, step, timezone, was, became,
        was_reason ->> 'code', was_reason ->> 'fr', reason ->> 'code', reason ->> 'fr';
    RETURN NULL;
END
$$;

CREATE TABLE relais.interaction (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    contact uuid NOT NULL,
    campaign uuid,
    message uuid,
    kind text NOT NULL,
    content text,
    provider_id text,
    created_by uuid,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE relais.link_click (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    "position" smallint NOT NULL,
    message uuid NOT NULL,
    contact uuid NOT NULL,
    user_agent text,
    clicked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE FUNCTION relais.open_link(sought uuid, place smallint, counts boolean, click uuid, interaction uuid, agent text) RETURNS TABLE(url text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH target AS MATERIALIZED (
          SELECT message.id,
             message.workspace,
             message.channel,
             message.campaign,
             message.contact,
             message.created_by,
             link.url
            FROM (relais.message
              JOIN relais.link ON (((link.workspace = message.workspace) AND (link.campaign = message.campaign) AND (link."position" = open_link.place))))
           WHERE (relais.is_platform() AND (message.id = open_link.sought))
         ), clicked AS (
          INSERT INTO relais.link_click (id, workspace, campaign, "position", message, contact, user_agent)  SELECT open_link.click AS click,
                     target_1.workspace,
                     target_1.campaign,
                     open_link.place AS place,
                     target_1.id,
                     target_1.contact,
                     "left"(open_link.agent, 512) AS "left"
                    FROM target target_1
                   WHERE (open_link.counts AND (( SELECT count(*) AS count
                            FROM ( SELECT
                                    FROM relais.link_click earlier_1
                                   WHERE ((earlier_1.message = target_1.id) AND (earlier_1."position" = open_link.place))
                                  LIMIT 100) earlier) < 100))
         ), noted AS (
          INSERT INTO relais.interaction (id, workspace, channel, contact, campaign, message, kind, content, provider_id, created_by)  SELECT open_link.interaction AS interaction,
                     target_1.workspace,
                     target_1.channel,
                     target_1.contact,
                     target_1.campaign,
                     target_1.id,
                     'click',
                     target_1.url,
                     (((target_1.id)::text || '/'::text) || (open_link.place)::text),
                     target_1.created_by
                    FROM target target_1
                   WHERE open_link.counts ON CONFLICT DO NOTHING
         )
  SELECT target.url
    FROM target;
END;

CREATE PROCEDURE relais.open_to_platform(IN relation regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS platform ON %s', relation);
    EXECUTE format('CREATE POLICY platform ON %s TO relais_function'
        ' USING ((SELECT relais.is_platform()))', relation);
END
$$;

CREATE FUNCTION relais.phones_taken(phones text[]) RETURNS TABLE(phone text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT contact.phone
    FROM relais.contact
   WHERE ((contact.workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (contact.phone = ANY (phones_taken.phones)) AND ( SELECT relais.may_write() AS may_write));
END;

CREATE PROCEDURE relais.protect(IN relation regclass, IN visible text, IN writer text, IN own text DEFAULT 'true'::text, IN written text DEFAULT 'true'::text)
    LANGUAGE plpgsql
    AS $$
DECLARE
    seen text := format('workspace = (SELECT relais.current_workspace()) AND (%s)', visible);
    writable text := format('%s AND (SELECT relais.%I()) AND (%s)', seen, writer, own);
    outcome text := format('%s AND (%s)', writable, written);
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['own', 'see', 'add', 'change', 'remove'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS %I ON %s', name, relation);
    END LOOP;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY see ON %s FOR SELECT TO relais_function USING (%s)',
        relation, seen);
    EXECUTE format('CREATE POLICY add ON %s FOR INSERT TO relais_function WITH CHECK (%s)',
        relation, outcome);
    EXECUTE format('CREATE POLICY change ON %s FOR UPDATE TO relais_function'
        ' USING (%s) WITH CHECK (%s)', relation, writable, outcome);
    EXECUTE format('CREATE POLICY remove ON %s FOR DELETE TO relais_function USING (%s)',
        relation, writable);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO relais_function', relation);
END
$$;

CREATE TABLE relais.webhook_inbox (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider text NOT NULL,
    dedupe_key text NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'received'::text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    processed_at timestamp with time zone,
    error text,
    lease_token integer DEFAULT 0 NOT NULL,
    event_count integer,
    unknown_count integer,
    read_count integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    claims smallint DEFAULT 0 NOT NULL,
    CONSTRAINT webhook_inbox_state_check CHECK ((state = ANY (ARRAY['received'::text, 'delayed'::text, 'done'::text, 'failed'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', fillfactor='50');

CREATE FUNCTION relais.queues_to_call() RETURNS TABLE(queue text, calls integer, next_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT 'send'::text,
     ((COALESCE(ceil(((sum(LEAST(channel_prospects.due, channel_prospects.room)) FILTER (WHERE gate.is_open))::numeric / 400.0)), (0)::numeric) + LEAST((100)::numeric, COALESCE(floor((EXTRACT(epoch FROM (statement_timestamp() - min(channel_prospects.since) FILTER (WHERE gate.is_open))) / (2)::numeric)), (0)::numeric))))::integer AS int4,
     NULLIF(min(
         CASE
             WHEN ((channel_prospects.due > 0) AND (channel_prospects.opens_at > statement_timestamp())) THEN channel_prospects.opens_at
             WHEN (channel_prospects.next_due IS NOT NULL) THEN GREATEST(channel_prospects.next_due, channel_prospects.opens_at)
             ELSE NULL::timestamp with time zone
         END), 'infinity'::timestamp with time zone) AS "nullif"
    FROM (relais.channel_prospects(400) channel_prospects(channel, workspace, due, room, opens_at, since, next_due)
      CROSS JOIN LATERAL ( SELECT ((channel_prospects.due > 0) AND (channel_prospects.opens_at <= statement_timestamp())) AS is_open) gate)
  HAVING relais.is_platform()
 UNION ALL
  SELECT 'inbound'::text,
     ((line.free + again.free))::integer AS int4,
     LEAST(line.next_at, again.next_at) AS "least"
    FROM (( SELECT count(*) FILTER (WHERE ((inbox_lines.held_until IS NULL) OR (inbox_lines.held_until <= statement_timestamp()))) AS free,
             min(inbox_lines.held_until) FILTER (WHERE (inbox_lines.held_until > statement_timestamp())) AS next_at
            FROM relais.inbox_lines() inbox_lines(channel, held_until)) line
      CROSS JOIN ( SELECT count(*) FILTER (WHERE (first.lease_until <= statement_timestamp())) AS free,
             min(first.lease_until) FILTER (WHERE (first.lease_until > statement_timestamp())) AS next_at
            FROM ( SELECT inbox.lease_until
                    FROM relais.webhook_inbox inbox
                   WHERE (inbox.state = 'delayed'::text)
                   ORDER BY inbox.lease_until
                  LIMIT 100) first) again)
   WHERE relais.is_platform()
 UNION ALL
  SELECT 'settle'::text,
     (LEAST(past.count, (1)::bigint))::integer AS "least",
     lease.next_at
    FROM (( SELECT count(*) AS count
            FROM ( SELECT
                    FROM relais.outbox
                   WHERE (outbox.lease_until <= statement_timestamp())
                   ORDER BY outbox.lease_until
                  LIMIT 1) first) past
      CROSS JOIN ( SELECT min(first.lease_until) AS next_at
            FROM ( SELECT outbox.lease_until
                    FROM relais.outbox
                   WHERE ((outbox.lease_until > statement_timestamp()) AND (outbox.lease_until < 'infinity'::timestamp with time zone))
                   ORDER BY outbox.lease_until
                  LIMIT 1) first) lease)
   WHERE relais.is_platform();
END;

CREATE FUNCTION relais.queue_backlogs(most integer) RETURNS TABLE(queue text, ready integer, leased integer, waiting integer, is_capped boolean, since timestamp with time zone, next_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT call.queue,
     (stand.ready)::integer AS ready,
     (stand.leased)::integer AS leased,
     (GREATEST((stand.unleased - stand.ready), (0)::bigint))::integer AS "greatest",
     (GREATEST(stand.leased, stand.unleased) >= queue_backlogs.most),
     stand.since,
     call.next_at
    FROM (relais.queues_to_call() call(queue, calls, next_at)
      JOIN ( SELECT 'send'::text AS queue,
             COALESCE(open.ready, (0)::bigint) AS ready,
             open.since,
             ( SELECT count(*) AS count
                    FROM ( SELECT
                            FROM relais.outbox
                           WHERE (outbox.lease_until IS NULL)
                          LIMIT queue_backlogs.most) message) AS unleased,
             ( SELECT count(*) AS count
                    FROM ( SELECT
                            FROM relais.outbox
                           WHERE ((outbox.lease_until > statement_timestamp()) AND (outbox.lease_until < 'infinity'::timestamp with time zone) AND (outbox.state = 'sending'::text))
                          LIMIT queue_backlogs.most) message) AS leased
            FROM ( SELECT sum(LEAST(channel_prospects.due, channel_prospects.room)) AS ready,
                     min(channel_prospects.since) AS since
                    FROM relais.channel_prospects(queue_backlogs.most) channel_prospects(channel, workspace, due, room, opens_at, since, next_due)
                   WHERE ((channel_prospects.due > 0) AND (channel_prospects.opens_at <= statement_timestamp()))) open
         UNION ALL
          SELECT 'inbound'::text,
             count(*) FILTER (WHERE webhook.is_ready) AS count,
             min(webhook.received_at) FILTER (WHERE webhook.is_ready) AS min,
             count(*) FILTER (WHERE (webhook.is_ready OR (webhook.state = 'delayed'::text))) AS count,
             count(*) FILTER (WHERE ((NOT webhook.is_ready) AND (webhook.state = 'received'::text))) AS count
            FROM ( SELECT inbox.state,
                     inbox.received_at,
                     COALESCE((inbox.lease_until <= statement_timestamp()), true) AS is_ready
                    FROM relais.webhook_inbox inbox
                   WHERE (inbox.state = ANY (ARRAY['received'::text, 'delayed'::text]))
                  LIMIT queue_backlogs.most) webhook) stand USING (queue))
   WHERE relais.is_platform();
END;

CREATE TABLE relais.template (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    account_id text NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    category text NOT NULL,
    body text NOT NULL,
    components jsonb DEFAULT '[]'::jsonb NOT NULL,
    variables jsonb DEFAULT '[]'::jsonb NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    reason text,
    external_id text,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    status_at timestamp with time zone,
    category_at timestamp with time zone,
    quality text,
    quality_at timestamp with time zone,
    CONSTRAINT template_category_check CHECK ((category = ANY (ARRAY['MARKETING'::text, 'UTILITY'::text, 'AUTHENTICATION'::text]))),
    CONSTRAINT template_components_check CHECK ((jsonb_typeof(components) = 'array'::text)),
    CONSTRAINT template_language_check CHECK ((language <> ''::text)),
    CONSTRAINT template_name_check CHECK (((name ~ '^[a-z0-9_]+$'::text) AND (length(name) <= 512))),
    CONSTRAINT template_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'pending'::text, 'approved'::text, 'rejected'::text, 'paused'::text, 'disabled'::text]))),
    CONSTRAINT template_variables_check CHECK ((jsonb_typeof(variables) = 'array'::text))
);

CREATE FUNCTION relais.release_template(sought uuid) RETURNS TABLE(template uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 UPDATE relais.template SET status = 'approved'::text, reason = NULL::text, updated_at = now()
    FROM relais.campaign
   WHERE ((campaign.id = release_template.sought) AND (campaign.workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.may_write() AS may_write) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (campaign.created_by = ( SELECT relais.current_member() AS current_member))) AND (template.workspace = campaign.workspace) AND (template.id = campaign.template) AND (template.status = 'paused'::text))
   RETURNING template.id;
END;

CREATE FUNCTION relais.take_tokens(wanted bigint, bucket_workspace uuid, bucket_key text, horizon bigint) RETURNS TABLE(granted integer, first_at bigint, seen_at bigint, interval_us bigint, theoretical_arrival bigint)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    UPDATE relais.rate_bucket AS bucket
    SET (theoretical_arrival, granted, first_at, seen_at) = (
        SELECT base + count * bucket.interval_us, count, base - tolerance, now
        FROM (
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
        ) AS clock
        CROSS JOIN LATERAL (
            SELECT greatest(now, bucket.theoretical_arrival) AS base,
                (bucket.burst - 1) * bucket.interval_us AS tolerance
        ) AS state
        CROSS JOIN LATERAL (
            SELECT now + horizon + tolerance - base AS room
        ) AS space
        CROSS JOIN LATERAL (
            SELECT CASE WHEN room < 0 THEN 0
                ELSE least(wanted, room / bucket.interval_us + 1) END AS count
        ) AS share
    )
    WHERE bucket.workspace = bucket_workspace AND bucket.key = bucket_key
    RETURNING bucket.granted, bucket.first_at, bucket.seen_at, bucket.interval_us,
        bucket.theoretical_arrival;
END
$$;

CREATE FUNCTION relais.take_turns(most integer, held uuid[], free integer, more integer, resting uuid[] DEFAULT '{}'::uuid[]) RETURNS TABLE(channel uuid, workspace uuid, due integer, wait double precision)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH prospect AS MATERIALIZED (
          SELECT standing.channel,
             standing.workspace,
             standing.due,
             standing.priority,
             standing.served_at,
             (standing.channel = ANY (take_turns.held)) AS is_held,
             (EXTRACT(epoch FROM (GREATEST(standing.opens_at, statement_timestamp()) - statement_timestamp())))::double precision AS wait
            FROM relais.channel_standings(take_turns.most) standing(channel, workspace, due, room, opens_at, since, next_due, priority, served_at)
           WHERE (relais.is_platform() AND (standing.due > 0) AND (standing.opens_at < (statement_timestamp() + '00:01:00'::interval)))
         ), line AS MATERIALIZED (
          SELECT prospect_1.channel,
             prospect_1.wait,
             row_number() OVER (ORDER BY (prospect_1.wait > (1)::double precision), ((prospect_1.served_at + (random() * '00:00:01'::interval)) -
                 CASE
                     WHEN (prospect_1.priority < 2) THEN '00:01:00'::interval
                     ELSE '00:00:00'::interval
                 END), prospect_1.priority, (random())) AS place
            FROM prospect prospect_1
           WHERE ((NOT prospect_1.is_held) AND (NOT (prospect_1.channel = ANY (take_turns.resting))))
         ), chosen AS MATERIALIZED (
          SELECT line.channel
            FROM line
           WHERE ((line.place <= take_turns.free) OR ((line.place <= (take_turns.free + take_turns.more)) AND (line.wait <= (1)::double precision)))
         ), served AS MATERIALIZED (
          SELECT chosen.channel
            FROM chosen
         UNION ALL
          SELECT prospect_1.channel
            FROM prospect prospect_1
           WHERE (prospect_1.is_held AND (prospect_1.served_at < (statement_timestamp() - '00:00:01'::interval)) AND (NOT (prospect_1.channel = ANY (take_turns.resting))))
         ), unlocked AS MATERIALIZED (
          SELECT state.channel
            FROM relais.channel_state state
           WHERE (state.channel = ANY (ARRAY( SELECT served.channel
                    FROM served)))
          FOR UPDATE OF state SKIP LOCKED
         ), marked AS (
          UPDATE relais.channel_state state SET served_at = statement_timestamp()
            FROM unlocked
           WHERE (state.channel = unlocked.channel)
         )
  SELECT prospect.channel,
     prospect.workspace,
     prospect.due,
     prospect.wait
    FROM prospect
   WHERE (prospect.is_held OR (prospect.channel IN ( SELECT chosen.channel
            FROM chosen)));
END;

CREATE TABLE relais.orphan_status (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider_id text NOT NULL,
    status relais.message_status NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    reason jsonb,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE FUNCTION relais.workspaces_to_settle() RETURNS TABLE(workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 WITH RECURSIVE taken(workspace) AS (
         ( SELECT outbox.workspace
            FROM relais.outbox
           WHERE (outbox.lease_until IS NOT NULL)
           ORDER BY outbox.workspace
          LIMIT 1)
         UNION ALL
          SELECT ( SELECT outbox.workspace
                    FROM relais.outbox
                   WHERE ((outbox.lease_until IS NOT NULL) AND (outbox.workspace > taken.workspace))
                   ORDER BY outbox.workspace
                  LIMIT 1) AS workspace
            FROM taken
           WHERE (taken.workspace IS NOT NULL)
         ), told(workspace) AS (
         ( SELECT orphan_status.workspace
            FROM relais.orphan_status
           ORDER BY orphan_status.workspace
          LIMIT 1)
         UNION ALL
          SELECT ( SELECT orphan_status.workspace
                    FROM relais.orphan_status
                   WHERE (orphan_status.workspace > told.workspace)
                   ORDER BY orphan_status.workspace
                  LIMIT 1) AS workspace
            FROM told
           WHERE (told.workspace IS NOT NULL)
         )
  SELECT taken.workspace
    FROM (taken
      CROSS JOIN LATERAL ( SELECT
            FROM relais.outbox
           WHERE ((outbox.workspace = taken.workspace) AND (outbox.lease_until <= statement_timestamp()))
           ORDER BY outbox.lease_until
          LIMIT 1) due)
   WHERE relais.is_platform()
 UNION
  SELECT told.workspace
    FROM told
   WHERE (relais.is_platform() AND (told.workspace IS NOT NULL));
END;

CREATE TABLE relais.campaign_answer (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    contacts bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE relais.campaign_category (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    category uuid NOT NULL
);

CREATE TABLE relais.campaign_count (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    step smallint NOT NULL,
    status relais.message_status NOT NULL,
    messages bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE relais.campaign_exclusion (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    contact uuid NOT NULL,
    reason text NOT NULL,
    detail text,
    CONSTRAINT campaign_exclusion_reason_check CHECK ((reason = ANY (ARRAY['unsubscribed'::text, 'blocked'::text, 'no_opt_in'::text, 'no_identity'::text, 'not_on_whatsapp'::text, 'duplicate'::text, 'window_closed'::text, 'missing_value'::text, 'too_long'::text])))
);

CREATE TABLE relais.campaign_failure (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    code text,
    french text,
    reason jsonb,
    messages bigint NOT NULL
);

CREATE TABLE relais.category (
    id uuid NOT NULL,
    workspace uuid NOT NULL,
    name text NOT NULL,
    color text,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT category_name_check CHECK ((name <> ''::text))
);

CREATE TABLE relais.category_member (
    workspace uuid NOT NULL,
    category uuid NOT NULL,
    contact uuid NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE relais.channel_day (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    day date NOT NULL,
    was relais.message_status,
    became relais.message_status,
    messages bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE relais.contact_identity (
    workspace uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    channel uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    contact uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT contact_identity_kind_check CHECK ((kind = ANY (ARRAY['wa_id'::text, 'bsuid'::text, 'parent_bsuid'::text, 'lid'::text, 'provider_contact_id'::text]))),
    CONSTRAINT contact_identity_value_check CHECK ((value <> ''::text))
);

CREATE TABLE relais.conversation (
    workspace uuid NOT NULL,
    contact uuid NOT NULL,
    channel uuid NOT NULL,
    last_inbound_at timestamp with time zone
)
WITH (fillfactor='80');

CREATE TABLE relais.counter_history (
    key text NOT NULL,
    day date NOT NULL,
    workspace uuid NOT NULL,
    used integer NOT NULL,
    cap integer NOT NULL,
    closed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE relais.idempotency (
    workspace uuid NOT NULL,
    caller text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    token integer DEFAULT 1 NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    status smallint,
    headers jsonb,
    body bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_body_check CHECK ((octet_length(body) <= 6291456)),
    CONSTRAINT idempotency_caller_check CHECK (((caller <> ''::text) AND (length(caller) <= 200))),
    CONSTRAINT idempotency_check CHECK ((((status IS NULL) = (body IS NULL)) AND ((status IS NULL) = (headers IS NULL)))),
    CONSTRAINT idempotency_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT idempotency_key_check CHECK (((key <> ''::text) AND (length(key) <= 255))),
    CONSTRAINT idempotency_status_check CHECK (((status >= 100) AND (status <= 599)))
);

CREATE TABLE relais.inbox_turn (
    workspace uuid NOT NULL,
    line uuid NOT NULL,
    served_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500', autovacuum_vacuum_cost_delay='0');

CREATE TABLE relais.message_amendment (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider_id text NOT NULL,
    kind text NOT NULL,
    content text,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT message_amendment_kind_check CHECK ((kind = ANY (ARRAY['edited'::text, 'revoked'::text]))),
    CONSTRAINT message_amendment_provider_id_check CHECK ((provider_id <> ''::text))
);

CREATE TABLE relais.message_move (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    campaign uuid,
    step smallint NOT NULL,
    day date,
    was relais.message_status,
    became relais.message_status,
    was_reason jsonb,
    reason jsonb,
    messages integer NOT NULL,
    answers integer DEFAULT 0 NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_insert_threshold='-1', autovacuum_vacuum_cost_delay='0');

CREATE TABLE relais.message_reference (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider_id text NOT NULL,
    message uuid NOT NULL,
    attempt integer NOT NULL,
    CONSTRAINT message_reference_provider_id_check CHECK ((provider_id <> ''::text))
);

CREATE TABLE relais.number_check (
    workspace uuid NOT NULL,
    contact uuid NOT NULL,
    failures integer DEFAULT 1 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_error text
);

CREATE TABLE relais.quota_history (
    workspace uuid NOT NULL,
    starts_on date NOT NULL,
    used integer NOT NULL,
    quota integer,
    closed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE relais.schedule (
    name text NOT NULL,
    followed_until timestamp with time zone NOT NULL
);

CREATE TABLE relais.schedule_instant (
    name text NOT NULL,
    instant timestamp with time zone NOT NULL,
    state text NOT NULL,
    runner text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    error text,
    CONSTRAINT schedule_instant_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'skipped'::text])))
);

CREATE TABLE relais.task_dead (
    id uuid NOT NULL,
    queue text NOT NULL,
    priority smallint NOT NULL,
    workspace uuid,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    attempts integer NOT NULL,
    max_attempts integer NOT NULL,
    lease_token bigint NOT NULL,
    dedupe_key text,
    reason text NOT NULL,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    died_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT task_dead_reason_check CHECK ((reason = ANY (ARRAY['exhausted'::text, 'expired'::text, 'refused'::text])))
);

CREATE TABLE relais.task_tally (
    queue text NOT NULL,
    hour timestamp with time zone NOT NULL,
    done integer NOT NULL,
    retried integer NOT NULL,
    dead integer NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_insert_threshold='-1');

CREATE TABLE relais.task_total (
    queue text NOT NULL,
    hour timestamp with time zone NOT NULL,
    done bigint NOT NULL,
    retried bigint NOT NULL,
    dead bigint NOT NULL
);

ALTER TABLE ONLY relais.campaign_answer
    ADD CONSTRAINT campaign_answer_pkey PRIMARY KEY (workspace, campaign);

ALTER TABLE ONLY relais.campaign_category
    ADD CONSTRAINT campaign_category_pkey PRIMARY KEY (workspace, campaign, category);

ALTER TABLE ONLY relais.campaign_count
    ADD CONSTRAINT campaign_count_pkey PRIMARY KEY (workspace, campaign, step, status);

ALTER TABLE ONLY relais.campaign_exclusion
    ADD CONSTRAINT campaign_exclusion_pkey PRIMARY KEY (workspace, campaign, contact);

ALTER TABLE ONLY relais.campaign_failure
    ADD CONSTRAINT campaign_failure_workspace_campaign_code_french_key UNIQUE NULLS NOT DISTINCT (workspace, campaign, code, french);

ALTER TABLE ONLY relais.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.campaign
    ADD CONSTRAINT campaign_workspace_id_key UNIQUE (workspace, id);

ALTER TABLE ONLY relais.category_member
    ADD CONSTRAINT category_member_pkey PRIMARY KEY (workspace, category, contact);

ALTER TABLE ONLY relais.category
    ADD CONSTRAINT category_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.category
    ADD CONSTRAINT category_workspace_created_by_name_key UNIQUE NULLS NOT DISTINCT (workspace, created_by, name);

ALTER TABLE ONLY relais.category
    ADD CONSTRAINT category_workspace_id_key UNIQUE (workspace, id);

ALTER TABLE ONLY relais.channel_day
    ADD CONSTRAINT channel_day_workspace_channel_day_was_became_key UNIQUE NULLS NOT DISTINCT (workspace, channel, day, was, became);

ALTER TABLE ONLY relais.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (id);

ALTER TABLE relais.channel
    ADD CONSTRAINT channel_provider_check CHECK ((provider = ANY (ARRAY['meta'::text, 'respondio'::text, 'wassenger'::text, 'waha'::text, 'evolution'::text, 'twilio'::text]))) NOT VALID;

ALTER TABLE ONLY relais.channel_state
    ADD CONSTRAINT channel_state_pkey PRIMARY KEY (channel);

ALTER TABLE ONLY relais.channel
    ADD CONSTRAINT channel_workspace_id_key UNIQUE (workspace, id);

ALTER TABLE ONLY relais.channel
    ADD CONSTRAINT channel_workspace_provider_base_url_external_id_key UNIQUE (workspace, provider, base_url, external_id);

ALTER TABLE ONLY relais.contact_identity
    ADD CONSTRAINT contact_identity_pkey PRIMARY KEY (workspace, kind, value, channel);

ALTER TABLE ONLY relais.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (workspace, id);

ALTER TABLE ONLY relais.conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (workspace, contact, channel);

ALTER TABLE ONLY relais.counter_history
    ADD CONSTRAINT counter_history_pkey PRIMARY KEY (workspace, key, day);

ALTER TABLE ONLY relais.counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (workspace, key, day);

ALTER TABLE ONLY relais.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (workspace, caller, key);

ALTER TABLE ONLY relais.inbox_turn
    ADD CONSTRAINT inbox_turn_pkey PRIMARY KEY (workspace, line);

ALTER TABLE relais.interaction
    ADD CONSTRAINT interaction_kind_check CHECK ((kind = ANY (ARRAY['reply'::text, 'choice'::text, 'reaction'::text, 'click'::text, 'call'::text, 'opt_out'::text, 'opt_in'::text]))) NOT VALID;

ALTER TABLE ONLY relais.interaction
    ADD CONSTRAINT interaction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.link_click
    ADD CONSTRAINT link_click_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (workspace, campaign, "position");

ALTER TABLE ONLY relais.message_amendment
    ADD CONSTRAINT message_amendment_pkey PRIMARY KEY (workspace, channel, provider_id, kind);

ALTER TABLE ONLY relais.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.message_reference
    ADD CONSTRAINT message_reference_pkey PRIMARY KEY (workspace, channel, provider_id);

ALTER TABLE ONLY relais.number_check
    ADD CONSTRAINT number_check_pkey PRIMARY KEY (workspace, contact);

ALTER TABLE ONLY relais.orphan_status
    ADD CONSTRAINT orphan_status_pkey PRIMARY KEY (workspace, channel, provider_id, status);

ALTER TABLE ONLY relais.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (message);

ALTER TABLE ONLY relais.quota_history
    ADD CONSTRAINT quota_history_pkey PRIMARY KEY (workspace, starts_on);

ALTER TABLE ONLY relais.quota_period
    ADD CONSTRAINT quota_period_pkey PRIMARY KEY (workspace, starts_on);

ALTER TABLE ONLY relais.rate_bucket
    ADD CONSTRAINT rate_bucket_pkey PRIMARY KEY (workspace, key);

ALTER TABLE ONLY relais.schedule_instant
    ADD CONSTRAINT schedule_instant_pkey PRIMARY KEY (name, instant);

ALTER TABLE ONLY relais.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (name);

ALTER TABLE ONLY relais.task_dead
    ADD CONSTRAINT task_dead_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.task_total
    ADD CONSTRAINT task_total_pkey PRIMARY KEY (queue, hour);

ALTER TABLE ONLY relais.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (id);

ALTER TABLE ONLY relais.template
    ADD CONSTRAINT template_workspace_account_id_name_language_key UNIQUE (workspace, account_id, name, language);

ALTER TABLE ONLY relais.template
    ADD CONSTRAINT template_workspace_id_key UNIQUE (workspace, id);

ALTER TABLE ONLY relais.webhook_inbox
    ADD CONSTRAINT webhook_inbox_once UNIQUE (workspace, channel, dedupe_key);

ALTER TABLE ONLY relais.webhook_inbox
    ADD CONSTRAINT webhook_inbox_pkey PRIMARY KEY (workspace, id);

ALTER TABLE ONLY relais.workspace
    ADD CONSTRAINT workspace_pkey PRIMARY KEY (id);

CREATE INDEX campaign_category_category ON relais.campaign_category USING btree (workspace, category);

CREATE INDEX campaign_channel ON relais.campaign USING btree (workspace, channel, completed_at);

CREATE INDEX campaign_exclusion_contact ON relais.campaign_exclusion USING btree (workspace, contact);

CREATE INDEX campaign_running ON relais.campaign USING btree (channel) WHERE (status = 'running'::text);

CREATE INDEX campaign_scheduled ON relais.campaign USING btree (scheduled_at) WHERE (status = 'scheduled'::text);

CREATE INDEX campaign_template ON relais.campaign USING btree (workspace, template) WHERE ((template IS NOT NULL) AND (status = ANY (ARRAY['running'::text, 'paused'::text])));

CREATE INDEX category_member_contact ON relais.category_member USING btree (workspace, contact);

CREATE INDEX channel_day_age ON relais.channel_day USING btree (day);

CREATE INDEX contact_identity_contact ON relais.contact_identity USING btree (workspace, contact);

CREATE INDEX contact_merged ON relais.contact USING btree (workspace, merged_into) WHERE (merged_into IS NOT NULL);

CREATE UNIQUE INDEX contact_phone ON relais.contact USING btree (workspace, phone);

CREATE INDEX contact_tags ON relais.contact USING gin (tags);

CREATE INDEX contact_unasked ON relais.contact USING btree (workspace, id) WHERE ((whatsapp_verified IS NULL) AND (phone IS NOT NULL) AND (status = 'active'::text));

CREATE INDEX counter_day ON relais.counter USING btree (timezone, day);

CREATE INDEX counter_history_workspace ON relais.counter_history USING btree (workspace, day);

CREATE INDEX idempotency_age ON relais.idempotency USING btree (expires_at);

CREATE INDEX interaction_campaign ON relais.interaction USING btree (workspace, campaign, id) WHERE (campaign IS NOT NULL);

CREATE INDEX interaction_contact ON relais.interaction USING btree (workspace, contact, id);

CREATE INDEX interaction_message ON relais.interaction USING btree (message) WHERE (message IS NOT NULL);

CREATE UNIQUE INDEX interaction_once ON relais.interaction USING btree (workspace, channel, provider_id, kind) WHERE (provider_id IS NOT NULL);

CREATE INDEX link_click_age ON relais.link_click USING btree (clicked_at);

CREATE INDEX link_click_contact ON relais.link_click USING btree (workspace, contact);

CREATE INDEX link_click_link ON relais.link_click USING btree (workspace, campaign, "position", id);

CREATE INDEX link_click_message ON relais.link_click USING btree (message);

CREATE INDEX message_contact ON relais.message USING btree (workspace, contact, id);

CREATE INDEX message_move_campaign ON relais.message_move USING btree (workspace, campaign) WHERE (campaign IS NOT NULL);

CREATE UNIQUE INDEX message_of_workspace ON relais.message USING btree (workspace, id);

CREATE INDEX message_reference_message ON relais.message_reference USING btree (message);

CREATE UNIQUE INDEX message_step ON relais.message USING btree (workspace, campaign, contact, step) WHERE (campaign IS NOT NULL);

CREATE INDEX orphan_status_age ON relais.orphan_status USING btree (received_at);

CREATE INDEX outbox_lease ON relais.outbox USING btree (lease_until) WHERE (lease_until IS NOT NULL);

CREATE INDEX outbox_ready ON relais.outbox USING btree (workspace, lane, priority, due_at, message) WHERE (lease_until IS NULL);

CREATE INDEX outbox_settle ON relais.outbox USING btree (workspace, lease_until) WHERE (lease_until IS NOT NULL);

CREATE INDEX outbox_unknown ON relais.outbox USING btree (due_at) WHERE (state = 'unknown'::text);

CREATE INDEX outbox_unsettled ON relais.outbox USING btree (workspace, lane) WHERE (state = ANY (ARRAY['sending'::text, 'unknown'::text]));

CREATE INDEX quota_period_start ON relais.quota_period USING btree (starts_on);

CREATE INDEX schedule_instant_age ON relais.schedule_instant USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX schedule_instant_unfinished ON relais.schedule_instant USING btree (name, lease_until) WHERE (state = 'running'::text);

CREATE INDEX task_claim ON relais.task USING btree (queue, priority, run_at, id);

CREATE INDEX task_dead_age ON relais.task_dead USING btree (died_at);

CREATE INDEX task_dead_queue ON relais.task_dead USING btree (queue, died_at DESC, id);

CREATE UNIQUE INDEX task_dedupe ON relais.task USING btree (workspace, queue, dedupe_key) NULLS NOT DISTINCT WHERE (dedupe_key IS NOT NULL);

CREATE INDEX task_expiry ON relais.task USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX task_failing ON relais.task USING btree (queue) WHERE (last_error IS NOT NULL);

CREATE INDEX task_total_age ON relais.task_total USING btree (hour);

CREATE INDEX task_turn ON relais.task USING btree (queue, COALESCE(workspace, '00000000-0000-0000-0000-000000000000'::uuid), priority, run_at, id);

CREATE INDEX webhook_inbox_age ON relais.webhook_inbox USING btree (processed_at) WHERE (processed_at IS NOT NULL);

CREATE INDEX webhook_inbox_delayed ON relais.webhook_inbox USING btree (lease_until, id) WHERE (state = 'delayed'::text);

CREATE INDEX webhook_inbox_failed ON relais.webhook_inbox USING btree (workspace, channel) WHERE (state = 'failed'::text);

CREATE INDEX webhook_inbox_line ON relais.webhook_inbox USING btree (workspace, channel, received_at, id) WHERE (state = 'received'::text);

CREATE TRIGGER forget AFTER DELETE ON relais.workspace FOR EACH ROW EXECUTE FUNCTION relais.forget_workspace();

CREATE TRIGGER note_first_answers AFTER INSERT ON relais.interaction REFERENCING NEW TABLE AS heard FOR EACH STATEMENT EXECUTE FUNCTION relais.note_first_answers();

CREATE TRIGGER note_gone AFTER DELETE ON relais.message REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION relais.note_messages();

CREATE TRIGGER note_moved AFTER UPDATE ON relais.message REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION relais.note_moved_messages();

CREATE TRIGGER note_new AFTER INSERT ON relais.message REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION relais.note_messages();

ALTER TABLE ONLY relais.campaign_answer
    ADD CONSTRAINT campaign_answer_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_category
    ADD CONSTRAINT campaign_category_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_category
    ADD CONSTRAINT campaign_category_workspace_category_fkey FOREIGN KEY (workspace, category) REFERENCES relais.category(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_count
    ADD CONSTRAINT campaign_count_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_exclusion
    ADD CONSTRAINT campaign_exclusion_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_exclusion
    ADD CONSTRAINT campaign_exclusion_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign_failure
    ADD CONSTRAINT campaign_failure_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.campaign
    ADD CONSTRAINT campaign_relaunch_of_fkey FOREIGN KEY (workspace, relaunch_of) REFERENCES relais.campaign(workspace, id) ON DELETE SET NULL (relaunch_of);

ALTER TABLE ONLY relais.campaign
    ADD CONSTRAINT campaign_workspace_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id);

ALTER TABLE ONLY relais.campaign
    ADD CONSTRAINT campaign_workspace_template_fkey FOREIGN KEY (workspace, template) REFERENCES relais.template(workspace, id);

ALTER TABLE ONLY relais.category_member
    ADD CONSTRAINT category_member_workspace_category_fkey FOREIGN KEY (workspace, category) REFERENCES relais.category(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.category_member
    ADD CONSTRAINT category_member_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.channel_state
    ADD CONSTRAINT channel_state_workspace_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.contact_identity
    ADD CONSTRAINT contact_identity_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.contact
    ADD CONSTRAINT contact_workspace_merged_into_fkey FOREIGN KEY (workspace, merged_into) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.conversation
    ADD CONSTRAINT conversation_workspace_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.conversation
    ADD CONSTRAINT conversation_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.interaction
    ADD CONSTRAINT interaction_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id);

ALTER TABLE ONLY relais.interaction
    ADD CONSTRAINT interaction_message_fkey FOREIGN KEY (workspace, message) REFERENCES relais.message(workspace, id) ON DELETE SET NULL (message);

ALTER TABLE ONLY relais.interaction
    ADD CONSTRAINT interaction_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.interaction
    ADD CONSTRAINT interaction_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.link_click
    ADD CONSTRAINT link_click_message_fkey FOREIGN KEY (workspace, message) REFERENCES relais.message(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.link_click
    ADD CONSTRAINT link_click_workspace_campaign_position_fkey FOREIGN KEY (workspace, campaign, "position") REFERENCES relais.link(workspace, campaign, "position") ON DELETE CASCADE;

ALTER TABLE ONLY relais.link_click
    ADD CONSTRAINT link_click_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.link
    ADD CONSTRAINT link_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.message_amendment
    ADD CONSTRAINT message_amendment_workspace_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.message
    ADD CONSTRAINT message_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id);

ALTER TABLE ONLY relais.message_reference
    ADD CONSTRAINT message_reference_message_fkey FOREIGN KEY (workspace, message) REFERENCES relais.message(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.message
    ADD CONSTRAINT message_template_fkey FOREIGN KEY (workspace, template) REFERENCES relais.template(workspace, id);

ALTER TABLE ONLY relais.message
    ADD CONSTRAINT message_workspace_campaign_fkey FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.message
    ADD CONSTRAINT message_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.number_check
    ADD CONSTRAINT number_check_workspace_contact_fkey FOREIGN KEY (workspace, contact) REFERENCES relais.contact(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.outbox
    ADD CONSTRAINT outbox_message_fkey FOREIGN KEY (workspace, message) REFERENCES relais.message(workspace, id) ON DELETE CASCADE;

ALTER TABLE ONLY relais.webhook_inbox
    ADD CONSTRAINT webhook_inbox_workspace_channel_fkey FOREIGN KEY (workspace, channel) REFERENCES relais.channel(workspace, id) ON DELETE CASCADE;

CREATE POLICY add ON relais.campaign FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write) AND true AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (audience_creator = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY add ON relais.campaign_answer FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_answer.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.campaign_category FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_category.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.campaign_count FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_count.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.campaign_exclusion FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_exclusion.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.campaign_failure FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_failure.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.category FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.category_member FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR ((EXISTS ( SELECT
   FROM relais.category
  WHERE (category.id = category_member.category))) AND (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = category_member.workspace) AND (contact.id = category_member.contact)))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.channel FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure)));

CREATE POLICY add ON relais.channel_day FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.channel_state FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure) AND true AND true));

CREATE POLICY add ON relais.contact FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.contact_identity FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = contact_identity.workspace) AND (contact.id = contact_identity.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.conversation FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = conversation.workspace) AND (contact.id = conversation.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.counter FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.interaction FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.link FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.link_click FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link_click.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.message FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY add ON relais.message_amendment FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.message_move FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = message_move.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.message_reference FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.number_check FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.orphan_status FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.outbox FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE ((campaign.workspace = outbox.workspace) AND (campaign.id = outbox.lane))))) AND ( SELECT relais.may_write() AS may_write) AND true AND (( SELECT relais.sees_workspace() AS sees_workspace) OR relais.belongs_in_lane(message, lane))));

CREATE POLICY add ON relais.quota_period FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.rate_bucket FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY add ON relais.task FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true AND (queue !~~ 'invoke:%'::text)));

CREATE POLICY add ON relais.task_dead FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true AND (queue !~~ 'invoke:%'::text)));

CREATE POLICY add ON relais.task_tally FOR INSERT TO relais_function WITH CHECK (((( SELECT relais.current_workspace() AS current_workspace) IS NOT NULL) AND ( SELECT relais.may_configure() AS may_configure)));

CREATE POLICY add ON relais.template FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_write() AS may_write) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (status = ANY (ARRAY['draft'::text, 'pending'::text])))));

CREATE POLICY add ON relais.webhook_inbox FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure)));

CREATE POLICY ask ON relais.task FOR INSERT TO relais_function WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.may_write() AS may_write) AND (queue !~~ 'invoke:%'::text)));

ALTER TABLE relais.campaign ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.campaign_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.campaign_category ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.campaign_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.campaign_exclusion ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.campaign_failure ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.category ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.category_member ENABLE ROW LEVEL SECURITY;

CREATE POLICY change ON relais.campaign FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write) AND true AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (audience_creator = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY change ON relais.campaign_answer FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_answer.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_answer.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.campaign_category FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_category.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.campaign_count FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_count.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_count.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.campaign_exclusion FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_exclusion.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.campaign_failure FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_failure.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_failure.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.category FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.category_member FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR ((EXISTS ( SELECT
   FROM relais.category
  WHERE (category.id = category_member.category))) AND (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = category_member.workspace) AND (contact.id = category_member.contact)))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.channel FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure)));

CREATE POLICY change ON relais.channel_day FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.channel_state FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure) AND true AND true));

CREATE POLICY change ON relais.contact FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.contact_identity FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = contact_identity.workspace) AND (contact.id = contact_identity.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.conversation FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = conversation.workspace) AND (contact.id = conversation.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.counter FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.interaction FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.link FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.link_click FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link_click.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.message FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY change ON relais.message_amendment FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.message_move FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = message_move.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = message_move.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.message_reference FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.number_check FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.orphan_status FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.outbox FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE ((campaign.workspace = outbox.workspace) AND (campaign.id = outbox.lane))))) AND ( SELECT relais.may_write() AS may_write) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE ((campaign.workspace = outbox.workspace) AND (campaign.id = outbox.lane))))) AND ( SELECT relais.may_write() AS may_write) AND true AND (( SELECT relais.sees_workspace() AS sees_workspace) OR relais.belongs_in_lane(message, lane))));

CREATE POLICY change ON relais.quota_period FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.rate_bucket FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true AND true));

CREATE POLICY change ON relais.task FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true AND (queue !~~ 'invoke:%'::text)));

CREATE POLICY change ON relais.task_dead FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true)) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true AND (queue !~~ 'invoke:%'::text)));

CREATE POLICY change ON relais.template FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_write() AS may_write) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))))) WITH CHECK (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_write() AS may_write) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (status = ANY (ARRAY['draft'::text, 'pending'::text])))));

CREATE POLICY change ON relais.webhook_inbox FOR UPDATE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure)));

ALTER TABLE relais.channel ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.channel_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.channel_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.contact ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.contact_identity ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.conversation ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.counter ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.counter_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.idempotency ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.inbox_turn ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.interaction ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.link ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.link_click ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.message_amendment ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.message_move ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.message_reference ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.number_check ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.orphan_status ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON relais.idempotency TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (caller = ( SELECT relais.current_caller() AS current_caller))));

CREATE POLICY platform ON relais.channel FOR SELECT TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.channel_day TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.counter TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.counter_history TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.idempotency TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.inbox_turn TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.link_click TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.orphan_status TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.quota_history TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.quota_period TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.rate_bucket TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.schedule TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.schedule_instant TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.task TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.task_dead TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.task_tally TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.task_total TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.webhook_inbox TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

CREATE POLICY platform ON relais.workspace TO relais_function USING (( SELECT relais.is_platform() AS is_platform));

ALTER TABLE relais.quota_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.quota_period ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.rate_bucket ENABLE ROW LEVEL SECURITY;

CREATE POLICY remove ON relais.campaign FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write) AND true));

CREATE POLICY remove ON relais.campaign_answer FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_answer.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.campaign_category FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_category.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.campaign_count FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_count.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.campaign_exclusion FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_exclusion.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.campaign_failure FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_failure.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.category FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.category_member FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR ((EXISTS ( SELECT
   FROM relais.category
  WHERE (category.id = category_member.category))) AND (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = category_member.workspace) AND (contact.id = category_member.contact)))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.channel FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure)));

CREATE POLICY remove ON relais.channel_day FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.channel_state FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_configure() AS may_configure) AND true));

CREATE POLICY remove ON relais.contact FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.contact_identity FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = contact_identity.workspace) AND (contact.id = contact_identity.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.conversation FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = conversation.workspace) AND (contact.id = conversation.contact))))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.counter FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.interaction FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.link FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.link_click FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link_click.campaign)))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.message FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member))) AND ( SELECT relais.may_write() AS may_write)));

CREATE POLICY remove ON relais.message_amendment FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.message_move FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = message_move.campaign)))) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.message_reference FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.number_check FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.orphan_status FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.outbox FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE ((campaign.workspace = outbox.workspace) AND (campaign.id = outbox.lane))))) AND ( SELECT relais.may_write() AS may_write) AND true));

CREATE POLICY remove ON relais.quota_period FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.rate_bucket FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.is_service() AS is_service) AND true));

CREATE POLICY remove ON relais.task FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true));

CREATE POLICY remove ON relais.task_dead FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure) AND true));

CREATE POLICY remove ON relais.template FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true AND ( SELECT relais.may_write() AS may_write) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY remove ON relais.webhook_inbox FOR DELETE TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace) AND ( SELECT relais.may_configure() AS may_configure)));

ALTER TABLE relais.schedule ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.schedule_instant ENABLE ROW LEVEL SECURITY;

CREATE POLICY see ON relais.campaign FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY see ON relais.campaign_answer FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_answer.campaign))))));

CREATE POLICY see ON relais.campaign_category FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_category.campaign))))));

CREATE POLICY see ON relais.campaign_count FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_count.campaign))))));

CREATE POLICY see ON relais.campaign_exclusion FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_exclusion.campaign))))));

CREATE POLICY see ON relais.campaign_failure FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = campaign_failure.campaign))))));

CREATE POLICY see ON relais.category FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY see ON relais.category_member FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR ((EXISTS ( SELECT
   FROM relais.category
  WHERE (category.id = category_member.category))) AND (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = category_member.workspace) AND (contact.id = category_member.contact))))))));

CREATE POLICY see ON relais.channel FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.channel_day FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.channel_state FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.contact FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY see ON relais.contact_identity FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = contact_identity.workspace) AND (contact.id = contact_identity.contact)))))));

CREATE POLICY see ON relais.conversation FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.contact
  WHERE ((contact.workspace = conversation.workspace) AND (contact.id = conversation.contact)))))));

CREATE POLICY see ON relais.counter FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.counter_history FOR SELECT TO relais_function USING ((workspace = ( SELECT relais.current_workspace() AS current_workspace)));

CREATE POLICY see ON relais.inbox_turn FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.interaction FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY see ON relais.link FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link.campaign))))));

CREATE POLICY see ON relais.link_click FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = link_click.campaign))))));

CREATE POLICY see ON relais.message FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (created_by = ( SELECT relais.current_member() AS current_member)))));

CREATE POLICY see ON relais.message_amendment FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.message_move FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE (campaign.id = message_move.campaign))))));

CREATE POLICY see ON relais.message_reference FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.number_check FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.orphan_status FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.outbox FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND (( SELECT relais.sees_workspace() AS sees_workspace) OR (EXISTS ( SELECT
   FROM relais.campaign
  WHERE ((campaign.workspace = outbox.workspace) AND (campaign.id = outbox.lane)))))));

CREATE POLICY see ON relais.quota_history FOR SELECT TO relais_function USING ((workspace = ( SELECT relais.current_workspace() AS current_workspace)));

CREATE POLICY see ON relais.quota_period FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.rate_bucket FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.task FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.task_dead FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.template FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND true));

CREATE POLICY see ON relais.webhook_inbox FOR SELECT TO relais_function USING (((workspace = ( SELECT relais.current_workspace() AS current_workspace)) AND ( SELECT relais.sees_workspace() AS sees_workspace)));

CREATE POLICY see ON relais.workspace FOR SELECT TO relais_function USING ((id = ( SELECT relais.current_workspace() AS current_workspace)));

ALTER TABLE relais.task ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.task_dead ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.task_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.task_total ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.template ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.webhook_inbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE relais.workspace ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA relais TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.outbox TO relais_function;

REVOKE ALL ON FUNCTION relais.awaits_names(sought uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.awaits_names(sought uuid) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.task TO relais_function;

REVOKE ALL ON FUNCTION relais.campaigns_to_complete(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.campaigns_to_complete(most integer) TO relais_function;

REVOKE ALL ON FUNCTION relais.campaigns_to_start(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.campaigns_to_start(most integer) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.channel TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.channel_state TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.counter TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.quota_period TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.rate_bucket TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.workspace TO relais_function;

REVOKE ALL ON FUNCTION relais.channel_standings(most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.channel_prospects(most integer) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.message TO relais_function;

REVOKE ALL ON FUNCTION relais.channels_to_ask(providers text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.channels_to_ask(providers text[]) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.contact TO relais_function;

REVOKE ALL ON FUNCTION relais.channels_to_verify(providers text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.channels_to_verify(providers text[]) TO relais_function;

REVOKE ALL ON FUNCTION relais.fold_message_moves(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.fold_message_moves(most integer) TO relais_function;

REVOKE ALL ON FUNCTION relais.fold_moves_of(tenant uuid, most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.forget_workspace() FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.inbox_lines() FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.keep_webhooks(ids uuid[], workspaces uuid[], channels uuid[], providers text[], dedupe_keys text[], bodies bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.keep_webhooks(ids uuid[], workspaces uuid[], channels uuid[], providers text[], dedupe_keys text[], bodies bytea[]) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.link TO relais_function;

REVOKE ALL ON FUNCTION relais.link_target(sought uuid, place smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.link_target(sought uuid, place smallint) TO relais_function;

REVOKE ALL ON FUNCTION relais.messages_to_send(most integer, others_than uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.messages_to_send(most integer, others_than uuid[]) TO relais_function;

REVOKE ALL ON FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[]) TO relais_function;

REVOKE ALL ON FUNCTION relais.note_first_answers() FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.note_messages() FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.note_moved_messages() FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.interaction TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.link_click TO relais_function;

REVOKE ALL ON FUNCTION relais.open_link(sought uuid, place smallint, counts boolean, click uuid, interaction uuid, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.open_link(sought uuid, place smallint, counts boolean, click uuid, interaction uuid, agent text) TO relais_function;

REVOKE ALL ON PROCEDURE relais.open_to_platform(IN relation regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION relais.phones_taken(phones text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.phones_taken(phones text[]) TO relais_function;

REVOKE ALL ON PROCEDURE relais.protect(IN relation regclass, IN visible text, IN writer text, IN own text, IN written text) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.webhook_inbox TO relais_function;

REVOKE ALL ON FUNCTION relais.queues_to_call() FROM PUBLIC;
GRANT ALL ON FUNCTION relais.queues_to_call() TO relais_function;

REVOKE ALL ON FUNCTION relais.queue_backlogs(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.queue_backlogs(most integer) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.template TO relais_function;

REVOKE ALL ON FUNCTION relais.release_template(sought uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.release_template(sought uuid) TO relais_function;

REVOKE ALL ON FUNCTION relais.take_turns(most integer, held uuid[], free integer, more integer, resting uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION relais.take_turns(most integer, held uuid[], free integer, more integer, resting uuid[]) TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.orphan_status TO relais_function;

REVOKE ALL ON FUNCTION relais.workspaces_to_settle() FROM PUBLIC;
GRANT ALL ON FUNCTION relais.workspaces_to_settle() TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign_answer TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign_category TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign_count TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign_exclusion TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.campaign_failure TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.category TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.category_member TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.channel_day TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.contact_identity TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.conversation TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.counter_history TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.idempotency TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.inbox_turn TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.message_amendment TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.message_move TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.message_reference TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.number_check TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.quota_history TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.schedule TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.schedule_instant TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.task_dead TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.task_tally TO relais_function;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE relais.task_total TO relais_function;

"""Celery that sends a campaign: a task a message, its state in PostgreSQL, its limits in Redis.

    celery_send_peer.py prepare <count>      makes the tables and the messages
    celery_send_peer.py enqueue              enqueues a task for each
    celery --app celery_send_peer worker     is a worker
"""

import os
import sys
from datetime import date

import httpx
import psycopg
from celery import Celery
from psycopg_pool import ConnectionPool
from redis import Redis

REDIS_URL = os.environ["REDIS_URL"]
DATABASE_URL = os.environ["DATABASE_URL"]
PROVIDER_URL = os.environ.get("PROVIDER_URL", "")
RATE_LIMIT = os.environ.get("RATE_LIMIT")
CONCURRENCY = int(os.environ.get("CONCURRENCY", "1"))
POOL_SIZE = int(os.environ.get("POOL_SIZE", "1"))
DAILY_LIMIT = 1_000_000
TABLES = """
    CREATE TABLE campaigns (id serial PRIMARY KEY, name varchar(255) NOT NULL);
    CREATE TABLE contacts (id serial PRIMARY KEY, full_number varchar(25) UNIQUE NOT NULL);
    CREATE TABLE messages (
        id serial PRIMARY KEY,
        campaign_id integer REFERENCES campaigns (id) ON DELETE CASCADE,
        contact_id integer REFERENCES contacts (id) ON DELETE CASCADE,
        content text NOT NULL,
        status varchar(50) DEFAULT 'pending',
        whatsapp_message_id varchar(255),
        error_message text,
        retry_count integer DEFAULT 0,
        sent_at timestamp,
        updated_at timestamp DEFAULT current_timestamp
    );
    CREATE INDEX idx_messages_campaign ON messages (campaign_id);
    CREATE INDEX idx_messages_contact ON messages (contact_id);
    CREATE INDEX idx_messages_status ON messages (status)
"""

app = Celery("celery_send_peer", broker=REDIS_URL)
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=4,
    broker_connection_retry_on_startup=True,
)

redis = Redis.from_url(REDIS_URL)
http = httpx.Client(
    headers={"Authorization": "Bearer token"},
    limits=httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY),
    timeout=10,
)
database = ConnectionPool(
    DATABASE_URL, min_size=1, max_size=POOL_SIZE, kwargs={"autocommit": True}, open=False
)


@app.task(rate_limit=RATE_LIMIT, max_retries=3)
def send_single_message(message_id):
    # One task sends a message, whoever else has it as well.
    lock = f"lock:message:{message_id}"
    day = f"whatsapp:daily:{date.today()}:message_1"
    pipeline = redis.pipeline(transaction=False)
    is_ours, sent = pipeline.set(lock, 1, nx=True, ex=90).get(day).execute()
    if not is_ours or int(sent or 0) >= DAILY_LIMIT:
        return
    database.open()
    with database.connection() as connection:
        number, content = connection.execute(
            """
            SELECT full_number, content FROM messages
            JOIN contacts ON contacts.id = contact_id
            WHERE messages.id = %s AND status = 'pending'
            """,
            (message_id,),
        ).fetchone()
    answer = http.post(
        PROVIDER_URL,
        json={
            "messaging_product": "whatsapp",
            "to": number,
            "type": "text",
            "text": {"body": content},
        },
    )
    answer.raise_for_status()
    name = answer.json()["messages"][0]["id"]
    with database.connection() as connection:
        connection.execute(
            """
            UPDATE messages SET status = 'sent', whatsapp_message_id = %s, sent_at = now(),
                updated_at = now()
            WHERE id = %s
            """,
            (name, message_id),
        )
    redis.pipeline(transaction=False).incr(day).expire(day, 172_800).delete(lock).execute()


def prepare(count):
    with psycopg.connect(DATABASE_URL) as connection:
        connection.execute(TABLES)
        connection.execute("INSERT INTO campaigns (name) VALUES ('bench')")
        connection.execute(
            """
            INSERT INTO contacts (full_number)
            SELECT '22890' || lpad(n::text, 6, '0') FROM generate_series(1, %s) AS n
            """,
            (int(count),),
        )
        connection.execute(
            """
            INSERT INTO messages (campaign_id, contact_id, content)
            SELECT 1, id, 'Bonjour, la récolte de karité est arrivée.' FROM contacts
            """
        )


def enqueue():
    with psycopg.connect(DATABASE_URL) as connection:
        ids = connection.execute("SELECT id FROM messages ORDER BY id").fetchall()
    with app.producer_pool.acquire(block=True) as producer:
        for (message_id,) in ids:
            send_single_message.apply_async((message_id,), producer=producer)


if __name__ == "__main__":
    {"prepare": prepare, "enqueue": enqueue}[sys.argv[1]](*sys.argv[2:])

#pragma once
#include <libpq-fe.h>
#include <stdbool.h>

// libpq defines these as character constants, which Swift does not import.
enum {
    CPOSTGRES_SQLSTATE = PG_DIAG_SQLSTATE,
    CPOSTGRES_MESSAGE = PG_DIAG_MESSAGE_PRIMARY,
    CPOSTGRES_TABLE = PG_DIAG_TABLE_NAME,
    CPOSTGRES_COLUMN = PG_DIAG_COLUMN_NAME,
    CPOSTGRES_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME,
    CPOSTGRES_POSITION = PG_DIAG_STATEMENT_POSITION,
};

/// Whether libpq can parse `url`, as a URL or as key-value text.
static inline bool cpostgres_can_read(const char *url) {
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    PQconninfoFree(options);
    return options != NULL;
}

/// Starts to connect. The last value of a key wins, so the URL can override the settings above it.
static inline PGconn *cpostgres_connect_start(const char *url) {
    const char *settings[][2] = {
        {"client_encoding", "UTF8"},
        {"fallback_application_name", "relais"},
        // Looking for Kerberos tickets takes longer than the rest of a local connection.
        {"gssencmode", "disable"},
        {"tcp_user_timeout", "10000"},
        {"keepalives_idle", "30"},
        {"dbname", url},
    };
    enum { count = sizeof settings / sizeof settings[0] };
    const char *keywords[count + 1] = {0}, *values[count + 1] = {0};
    for (int i = 0; i < count; i++) {
        keywords[i] = settings[i][0];
        values[i] = settings[i][1];
    }
    return PQconnectStartParams(keywords, values, 1);
}

// A provider in as little as it takes: every message is written down, and taken after a while.
// So the same upstream keeps up with every sender that is measured.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_server.h"
#include "ledger.h"

/// A request that waits for its answer. All wait equally long, so they form a line.
struct waiting {
    struct http_connection *connection;
    uint64_t due, number;
};

enum { line_size = 8192 };
_Static_assert(line_size > http_connection_limit, "a connection has one request at a time");

static struct waiting line[line_size];
static uint64_t first, next;
static uint64_t delay;
static uv_timer_t timer;

static void answer(const struct waiting *waiting) {
    char body[128];
    int length = snprintf(body, sizeof body,
                          "{\"messaging_product\":\"whatsapp\",\"messages\":[{\"id\":\"wamid.%llu\"}]}",
                          (unsigned long long)waiting->number);
    http_reply(waiting->connection, body, (size_t)length);
}

static void answer_due(uv_timer_t *timer) {
    uint64_t now = uv_now(timer->loop);
    while (first < next && line[first % line_size].due <= now) {
        struct waiting waiting = line[first++ % line_size];
        answer(&waiting);
    }
    if (first < next) {
        uv_timer_start(timer, answer_due, line[first % line_size].due - now, 0);
    }
}

static void take(struct http_connection *connection) {
    struct http_request request;
    http_request_of(connection, &request);
    ledger_add(&request.body);
    uint64_t due = uv_now(timer.loop) + delay;
    line[next % line_size] = (struct waiting){connection, due, next};
    next++;
    if (!uv_is_active((uv_handle_t *)&timer)) uv_timer_start(&timer, answer_due, delay, 0);
}

static int refuse(void) {
    fputs("usage: bench-provider --port N --delay-ms N --ledger FILE\n", stderr);
    return 2;
}

int main(int count, char **arguments) {
    int port = 0;
    const char *file = NULL;
    for (int index = 1; index + 1 < count; index += 2) {
        const char *name = arguments[index], *value = arguments[index + 1];
        if (strcmp(name, "--port") == 0) port = atoi(value);
        else if (strcmp(name, "--delay-ms") == 0) delay = strtoull(value, NULL, 10);
        else if (strcmp(name, "--ledger") == 0) file = value;
        else return refuse();
    }
    if (count != 7 || !file) return refuse();
    signal(SIGPIPE, SIG_IGN);
    uv_loop_t *loop = uv_default_loop();
    uv_timer_init(loop, &timer);
    struct http_server server = {.on_request = take};
    int result = ledger_open(file, loop);
    if (result == 0) result = http_listen(&server, loop, port);
    if (result < 0) {
        fprintf(stderr, "bench-provider: cannot listen or write: %s\n", uv_strerror(result));
        return 1;
    }
    return uv_run(loop, UV_RUN_DEFAULT);
}

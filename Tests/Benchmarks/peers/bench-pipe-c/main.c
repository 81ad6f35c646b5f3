// The shape of local-runner in C: each request becomes one event line, goes to one of N children
// through pipes, one at a time a child, and the line that comes back is the answer.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "event.h"

enum { child_limit = 64 };

static struct child children[child_limit];
static struct child *idle[child_limit];
static int child_count = 4, idle_count;

/// A ring: every connection has one request at most, so it cannot overflow.
static struct http_connection *waiting[http_connection_limit];
static size_t first_waiting, waiting_count;

static void give(struct child *child, struct http_connection *connection) {
    struct http_request request;
    http_request_of(connection, &request);
    if (!event_write(&child->line, &request)) abort();
    child->serving = connection;
    child_send(child);
}

static void on_request(struct http_connection *connection) {
    if (idle_count > 0) return give(idle[--idle_count], connection);
    waiting[(first_waiting + waiting_count++) % http_connection_limit] = connection;
}

static void on_reply(struct child *child) {
    struct http_connection *served = child->serving;
    child->serving = NULL;
    http_reply(served, child->reply.bytes, child->reply.length - 1);
    if (waiting_count == 0) {
        idle[idle_count++] = child;
        return;
    }
    struct http_connection *next = waiting[first_waiting];
    first_waiting = (first_waiting + 1) % http_connection_limit;
    waiting_count--;
    give(child, next);
}

static int usage(void) {
    fprintf(stderr, "usage: bench-pipe-c --port N --child PROGRAM [--children 1...64] "
                    "[--socket-pairs]\n");
    return 2;
}

static int stop(const char *what, int result) {
    fprintf(stderr, "bench-pipe-c: cannot %s: %s\n", what, uv_strerror(result));
    return 1;
}

static int serve(int port, const char *program, bool socket_pairs) {
    static struct http_server server = {.on_request = on_request, .keeps_headers = true};
    for (int index = 0; index < child_count; index++) {
        struct child *child = &children[index];
        child->on_reply = on_reply;
        int result = child_start(child, uv_default_loop(), program, socket_pairs);
        if (result < 0) return stop("start a child", result);
        idle[idle_count++] = child;
    }
    int result = http_listen(&server, uv_default_loop(), port);
    if (result < 0) return stop("listen", result);
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}

int main(int count, char **arguments) {
    int port = -1;
    const char *program = NULL;
    bool socket_pairs = false;
    for (int index = 1; index < count; index++) {
        const char *value = index + 1 < count ? arguments[index + 1] : "";
        if (strcmp(arguments[index], "--socket-pairs") == 0) {
            socket_pairs = true;
            continue;
        }
        if (strcmp(arguments[index], "--port") == 0) port = atoi(value);
        else if (strcmp(arguments[index], "--child") == 0) program = value;
        else if (strcmp(arguments[index], "--children") == 0) child_count = atoi(value);
        else return usage();
        index++;
    }
    if (port < 0 || !program || child_count < 1 || child_count > child_limit) return usage();
    signal(SIGPIPE, SIG_IGN);
    return serve(port, program, socket_pairs);
}

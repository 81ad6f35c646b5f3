// The HTTP server alone: the ceiling that any platform over the same libraries can reach.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_server.h"

static void echo(struct http_connection *connection) {
    struct http_request request;
    http_request_of(connection, &request);
    http_reply(connection, request.body.bytes, request.body.length);
}

int main(int count, char **arguments) {
    if (count != 3 || strcmp(arguments[1], "--port") != 0) {
        fprintf(stderr, "usage: bench-bare-c --port N\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct http_server server = {.on_request = echo};
    int result = http_listen(&server, uv_default_loop(), atoi(arguments[2]));
    if (result < 0) {
        fprintf(stderr, "bench-bare-c: cannot listen: %s\n", uv_strerror(result));
        return 1;
    }
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}

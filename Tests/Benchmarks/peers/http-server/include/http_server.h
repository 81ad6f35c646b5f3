#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/// An HTTP/1.1 server on one libuv loop: what C can do with the libraries that local-runner uses.
/// A connection has one request at a time; pipelined requests wait for the reply before them.

struct text {
    const char *bytes;
    size_t length;
};

struct http_header {
    struct text name, value;
};

enum { http_header_limit = 64, http_connection_limit = 4096 };

/// Valid until the reply.
struct http_request {
    const char *method;
    struct text path, query, body;
    struct http_header headers[http_header_limit];
    size_t header_count;
};

struct http_connection;

struct http_server {
    /// Called for each request; `http_reply` answers it, now or later.
    void (*on_request)(struct http_connection *connection);
    /// Whether `http_request.headers` is filled.
    bool keeps_headers;
    size_t connection_count;
    uv_tcp_t listener;
};

/// Listens on 127.0.0.1; 0 or a libuv error.
int http_listen(struct http_server *server, uv_loop_t *loop, int port);

void http_request_of(struct http_connection *connection, struct http_request *request);

/// Answers 200 with a JSON body.
void http_reply(struct http_connection *connection, const char *body, size_t length);

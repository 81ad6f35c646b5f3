#pragma once
#include <llhttp.h>

#include "buffer.h"
#include "http_server.h"

struct header_position {
    size_t name_end, value_end;
};

/// `text` holds the target, the headers and the body of the request one after the other;
/// positions, not pointers, because it may move while it grows.
struct http_connection {
    uv_tcp_t socket;
    llhttp_t parser;
    struct http_server *server;
    struct buffer text, waiting, output;
    struct header_position headers[http_header_limit];
    size_t header_count, target_end, body_start;
    bool feeding, busy, last, gone;
};

void http_connection_parse(struct http_connection *connection);

#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Exactly `length` bytes of JSON: an object when there is room for one, else digits.
static void write_body(char *body, size_t length) {
    static const char opening[] = "{\"text\":\"", closing[] = "\"}";
    size_t frame = strlen(opening) + strlen(closing);
    if (length < frame) {
        memset(body, '1', length);
        return;
    }
    memset(body, 'a', length);
    memcpy(body, opening, strlen(opening));
    memcpy(body + length - strlen(closing), closing, strlen(closing));
}

struct request request_prepare(const struct options *options) {
    size_t body_length = (size_t)options->body_bytes;
    size_t room = strlen(options->path) + strlen(options->method) + body_length + 512;
    char *bytes = malloc(room);
    if (!bytes) abort();
    int head = snprintf(bytes, room,
                        "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench-load\r\nAccept: */*\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                        options->method, options->path, options->host, body_length);
    write_body(bytes + head, body_length);
    return (struct request){bytes, (size_t)head + body_length};
}

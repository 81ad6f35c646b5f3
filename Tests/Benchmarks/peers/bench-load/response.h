#pragma once
#include <stdbool.h>
#include <stddef.h>

/// As much of an HTTP/1.1 response parser as a load generator needs: status, length, end.
enum response_part {
    response_head,
    response_body,
    response_until_close,
    response_chunk_size,
    response_chunk_extension,
    response_chunk_data,
    response_chunk_end,
    response_trailer,
    response_complete,
    response_malformed,
};

enum { response_head_limit = 16 * 1024 };

struct response {
    enum response_part part;
    int status;
    bool closes;
    /// Bytes of the body or chunk still to come, or of the trailer line so far.
    size_t left;
    size_t head_length;
    char head[response_head_limit];
};

void response_begin(struct response *response);

/// Takes bytes up to the end of the response; returns how many it took.
size_t response_take(struct response *response, const char *bytes, size_t length);

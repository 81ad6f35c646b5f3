#pragma once
#include "buffer.h"
#include "http_server.h"

/// A process that answers one line at a time over two pipes.
struct child {
    uv_process_t process;
    uv_pipe_t input, output;
    struct buffer line, reply;
    struct http_connection *serving;
    /// Called with `reply`, a whole line.
    void (*on_reply)(struct child *child);
};

/// Starts `program`, with pipe(2) pipes or with the socket pairs libuv makes; 0 or a libuv error.
int child_start(struct child *child, uv_loop_t *loop, const char *program, bool socket_pairs);

/// Writes `line` to the child.
void child_send(struct child *child);

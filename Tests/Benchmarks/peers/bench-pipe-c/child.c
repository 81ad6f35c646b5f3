#include "child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "bench-pipe-c: %s\n", what);
    exit(1);
}

static void on_exit_of_child(uv_process_t *process, int64_t status, int signal) {
    (void)process, (void)status, (void)signal;
    fail("a child ended");
}

static void reserve_reply(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    struct child *child = handle->data;
    if (!buffer_reserve(&child->reply, suggested)) fail("a reply is too long");
    size_t room = child->reply.capacity - child->reply.length;
    *buffer = uv_buf_init(child->reply.bytes + child->reply.length, (unsigned)room);
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    struct child *child = stream->data;
    (void)buffer;
    if (count < 0) fail("a child closed its output");
    child->reply.length += (size_t)count;
    struct buffer reply = child->reply;
    if (reply.length > 0 && reply.bytes[reply.length - 1] == '\n') child->on_reply(child);
}

static void on_input_written(uv_write_t *write, int status) {
    free(write);
    if (status < 0) fail("a child closed its input");
}

void child_send(struct child *child) {
    uv_stream_t *stream = (uv_stream_t *)&child->input;
    child->reply.length = 0;
    uv_buf_t all = uv_buf_init(child->line.bytes, (unsigned)child->line.length);
    int written = uv_try_write(stream, &all, 1);
    if (written < 0 && written != UV_EAGAIN) fail("a child closed its input");
    if (written < 0) written = 0;
    if ((size_t)written == child->line.length) return;
    // `line` stays as it is until the reply: nothing to copy.
    uv_buf_t rest = uv_buf_init(all.base + written, (unsigned)(all.len - (size_t)written));
    uv_write_t *write = malloc(sizeof *write);
    if (!write || uv_write(write, stream, &rest, 1, on_input_written) < 0) fail("cannot write");
}

static int spawn(struct child *child, uv_loop_t *loop, const char *program,
                 uv_stdio_container_t *streams) {
    char *arguments[] = {(char *)program, NULL};
    uv_process_options_t options = {
        .file = program,
        .args = arguments,
        .stdio = streams,
        .stdio_count = 3,
        .exit_cb = on_exit_of_child,
    };
    return uv_spawn(loop, &child->process, &options);
}

static int spawn_over_socket_pairs(struct child *child, uv_loop_t *loop, const char *program) {
    uv_stdio_container_t streams[] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&child->input},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&child->output},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
    };
    return spawn(child, loop, program, streams);
}

static int spawn_over_pipes(struct child *child, uv_loop_t *loop, const char *program) {
    uv_file input[2], output[2];
    int result = uv_pipe(input, 0, UV_NONBLOCK_PIPE);
    if (result == 0) result = uv_pipe(output, UV_NONBLOCK_PIPE, 0);
    if (result < 0) return result;
    uv_stdio_container_t streams[] = {
        {.flags = UV_INHERIT_FD, .data.fd = input[0]},
        {.flags = UV_INHERIT_FD, .data.fd = output[1]},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
    };
    result = spawn(child, loop, program, streams);
    close(input[0]);
    close(output[1]);
    if (result == 0) result = uv_pipe_open(&child->input, input[1]);
    if (result == 0) result = uv_pipe_open(&child->output, output[0]);
    return result;
}

int child_start(struct child *child, uv_loop_t *loop, const char *program, bool socket_pairs) {
    uv_pipe_init(loop, &child->input, 0);
    uv_pipe_init(loop, &child->output, 0);
    child->output.data = child;
    int result = socket_pairs ? spawn_over_socket_pairs(child, loop, program)
                              : spawn_over_pipes(child, loop, program);
    if (result < 0) return result;
    return uv_read_start((uv_stream_t *)&child->output, reserve_reply, on_output);
}

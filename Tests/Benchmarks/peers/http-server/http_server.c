#include "http_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_connection.h"

static void on_closed(uv_handle_t *handle) {
    struct http_connection *connection = handle->data;
    connection->server->connection_count--;
    buffer_free(&connection->text);
    buffer_free(&connection->waiting);
    buffer_free(&connection->output);
    free(connection);
}

/// A connection that waits for a reply stays in memory until `http_reply` has used it.
static void close_connection(struct http_connection *connection) {
    connection->gone = true;
    if (connection->busy || uv_is_closing((uv_handle_t *)&connection->socket)) return;
    uv_close((uv_handle_t *)&connection->socket, on_closed);
}

static void on_written(uv_write_t *write, int status) {
    struct http_connection *connection = write->handle->data;
    free(write);
    if (status < 0 || connection->last) close_connection(connection);
}

/// What the socket did not take at once is copied and written by the loop.
static void write_later(struct http_connection *connection, const char *bytes, size_t length) {
    uv_write_t *write = malloc(sizeof *write + length);
    if (!write) return close_connection(connection);
    char *copy = memcpy((char *)(write + 1), bytes, length);
    uv_buf_t rest = uv_buf_init(copy, (unsigned)length);
    if (uv_write(write, (uv_stream_t *)&connection->socket, &rest, 1, on_written) == 0) return;
    free(write);
    close_connection(connection);
}

static void flush(struct http_connection *connection) {
    struct buffer *output = &connection->output;
    if (output->length == 0 || connection->gone) return;
    uv_buf_t all = uv_buf_init(output->bytes, (unsigned)output->length);
    int taken = uv_try_write((uv_stream_t *)&connection->socket, &all, 1);
    size_t written = taken > 0 ? (size_t)taken : 0;
    if (taken < 0 && taken != UV_EAGAIN) {
        close_connection(connection);
    } else if (written < output->length) {
        write_later(connection, output->bytes + written, output->length - written);
    } else if (connection->last && !connection->busy) {
        close_connection(connection);
    }
    output->length = 0;
}

/// Parses up to the first request that is not answered at once; the bytes after it wait.
static void feed(struct http_connection *connection, const char *bytes, size_t length) {
    connection->feeding = true;
    while (length > 0 && !connection->gone) {
        llhttp_errno_t result = llhttp_execute(&connection->parser, bytes, length);
        if (result == HPE_OK) break;
        if (result != HPE_PAUSED) {
            close_connection(connection);
            break;
        }
        const char *rest = llhttp_get_error_pos(&connection->parser);
        length -= (size_t)(rest - bytes);
        bytes = rest;
        llhttp_resume(&connection->parser);
        connection->busy = true;
        connection->server->on_request(connection);
        if (!connection->busy) continue;
        if (!buffer_append(&connection->waiting, bytes, length)) close_connection(connection);
        break;
    }
    connection->feeding = false;
    flush(connection);
}

static void continue_with_waiting(struct http_connection *connection) {
    struct buffer waiting = connection->waiting;
    connection->waiting = (struct buffer){0};
    feed(connection, waiting.bytes, waiting.length);
    if (connection->waiting.capacity > 0) {
        buffer_free(&waiting);
    } else {
        waiting.length = 0;
        connection->waiting = waiting;
    }
}

void http_reply(struct http_connection *connection, const char *body, size_t length) {
    connection->busy = false;
    if (connection->gone) return close_connection(connection);
    static const char format[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n";
    char head[128];
    int head_length = snprintf(head, sizeof head, format, length);
    struct buffer *output = &connection->output;
    if (!buffer_append(output, head, (size_t)head_length) || !buffer_append(output, body, length)) {
        return close_connection(connection);
    }
    if (!connection->feeding) continue_with_waiting(connection);
}

static void share_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle, (void)suggested;
    static char shared[64 * 1024];
    *buffer = uv_buf_init(shared, sizeof shared);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    struct http_connection *connection = stream->data;
    if (count < 0) return close_connection(connection);
    if (!connection->busy) return feed(connection, buffer->base, (size_t)count);
    if (!buffer_append(&connection->waiting, buffer->base, (size_t)count)) {
        close_connection(connection);
    }
}

static void on_connection(uv_stream_t *listener, int status) {
    struct http_server *server = listener->data;
    if (status < 0) return;
    struct http_connection *connection = calloc(1, sizeof *connection);
    if (!connection || uv_tcp_init(listener->loop, &connection->socket) < 0) abort();
    connection->server = server;
    connection->socket.data = connection;
    server->connection_count++;
    http_connection_parse(connection);
    uv_stream_t *stream = (uv_stream_t *)&connection->socket;
    bool full = server->connection_count > http_connection_limit;
    if (uv_accept(listener, stream) < 0 || full) return close_connection(connection);
    uv_tcp_nodelay(&connection->socket, 1);
    if (uv_read_start(stream, share_buffer, on_read) < 0) close_connection(connection);
}

int http_listen(struct http_server *server, uv_loop_t *loop, int port) {
    struct sockaddr_in address;
    int result = uv_ip4_addr("127.0.0.1", port, &address);
    if (result == 0) result = uv_tcp_init(loop, &server->listener);
    if (result < 0) return result;
    server->listener.data = server;
    result = uv_tcp_bind(&server->listener, (const struct sockaddr *)&address, 0);
    if (result == 0) result = uv_listen((uv_stream_t *)&server->listener, 1024, on_connection);
    return result;
}

#include <string.h>

#include "http_connection.h"

static int append(llhttp_t *parser, const char *bytes, size_t length) {
    struct http_connection *connection = parser->data;
    return buffer_append(&connection->text, bytes, length) ? 0 : -1;
}

static int on_message_begin(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    connection->text.length = 0;
    connection->header_count = 0;
    return 0;
}

static int on_url_complete(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    connection->target_end = connection->text.length;
    return 0;
}

static int on_header_field_complete(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    if (connection->header_count == http_header_limit) return -1;
    connection->headers[connection->header_count].name_end = connection->text.length;
    return 0;
}

static int on_header_value_complete(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    connection->headers[connection->header_count++].value_end = connection->text.length;
    return 0;
}

static int on_headers_complete(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    connection->body_start = connection->text.length;
    return 0;
}

static int on_message_complete(llhttp_t *parser) {
    struct http_connection *connection = parser->data;
    connection->last = !llhttp_should_keep_alive(parser);
    return HPE_PAUSED;
}

static const llhttp_settings_t without_headers = {
    .on_message_begin = on_message_begin,
    .on_url = append,
    .on_url_complete = on_url_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = append,
    .on_message_complete = on_message_complete,
};

static const llhttp_settings_t with_headers = {
    .on_message_begin = on_message_begin,
    .on_url = append,
    .on_url_complete = on_url_complete,
    .on_header_field = append,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = append,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = append,
    .on_message_complete = on_message_complete,
};

void http_connection_parse(struct http_connection *connection) {
    bool keeps_headers = connection->server->keeps_headers;
    const llhttp_settings_t *settings = keeps_headers ? &with_headers : &without_headers;
    llhttp_init(&connection->parser, HTTP_REQUEST, settings);
    connection->parser.data = connection;
}

static struct text slice(const struct http_connection *connection, size_t start, size_t end) {
    return (struct text){connection->text.bytes + start, end - start};
}

void http_request_of(struct http_connection *connection, struct http_request *request) {
    size_t end = connection->target_end, start = end;
    const char *mark = memchr(connection->text.bytes, '?', end);
    size_t path_end = mark ? (size_t)(mark - connection->text.bytes) : end;
    request->method = llhttp_method_name(llhttp_get_method(&connection->parser));
    request->path = slice(connection, 0, path_end);
    request->query = slice(connection, mark ? path_end + 1 : end, end);
    request->header_count = connection->header_count;
    for (size_t index = 0; index < connection->header_count; index++) {
        struct header_position position = connection->headers[index];
        request->headers[index].name = slice(connection, start, position.name_end);
        request->headers[index].value = slice(connection, position.name_end, position.value_end);
        start = position.value_end;
    }
    request->body = slice(connection, connection->body_start, connection->text.length);
}

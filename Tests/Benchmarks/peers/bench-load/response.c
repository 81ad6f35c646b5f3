#define _GNU_SOURCE
#include "response.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void response_begin(struct response *response) {
    response->part = response_head;
    response->status = 0;
    response->closes = false;
    response->left = response->head_length = 0;
}

static const char *value_of(const char *line, const char *end, const char *name) {
    size_t length = strlen(name);
    if ((size_t)(end - line) <= length || line[length] != ':') return NULL;
    if (strncasecmp(line, name, length) != 0) return NULL;
    line += length + 1;
    while (line < end && *line == ' ') line++;
    return line;
}

/// A head ends with an empty line, so every number and word in it is followed by something else.
static void parse_head(struct response *response, const char *head, size_t length) {
    const char *end = head + length;
    if (length < 12 || memcmp(head, "HTTP/1.", 7) != 0) {
        response->part = response_malformed;
        return;
    }
    response->status = atoi(head + 9);
    response->part = response_until_close;
    const char *line = memchr(head, '\n', length);
    while (line && ++line < end) {
        const char *value;
        if ((value = value_of(line, end, "content-length"))) {
            response->left = strtoul(value, NULL, 10);
            response->part = response->left > 0 ? response_body : response_complete;
        } else if ((value = value_of(line, end, "transfer-encoding"))) {
            response->part = response_chunk_size;
        } else if ((value = value_of(line, end, "connection"))) {
            response->closes = strncasecmp(value, "close", 5) == 0;
        }
        line = memchr(line, '\n', (size_t)(end - line));
    }
    if (response->status == 204 || response->status == 304) response->part = response_complete;
}

/// Parses the head where it stands; only one that is cut is copied together.
static size_t take_head(struct response *response, const char *bytes, size_t length) {
    if (response->head_length == 0) {
        const char *end = memmem(bytes, length, "\r\n\r\n", 4);
        if (end) {
            size_t head_length = (size_t)(end - bytes) + 4;
            parse_head(response, bytes, head_length);
            return head_length;
        }
    }
    size_t before = response->head_length, room = response_head_limit - before;
    size_t copied = length < room ? length : room;
    memcpy(response->head + before, bytes, copied);
    response->head_length += copied;
    const char *end = memmem(response->head, response->head_length, "\r\n\r\n", 4);
    if (!end) {
        if (copied < length) response->part = response_malformed;
        return length;
    }
    size_t head_length = (size_t)(end - response->head) + 4;
    parse_head(response, response->head, head_length);
    return head_length - before;
}

static size_t take_counted(struct response *response, size_t length, enum response_part next) {
    size_t taken = length < response->left ? length : response->left;
    response->left -= taken;
    if (response->left == 0) response->part = next;
    return taken;
}

static int digit_of(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static void take_size_byte(struct response *response, char byte) {
    int digit = digit_of(byte);
    if (response->part == response_chunk_size && digit >= 0) {
        response->left = response->left * 16 + (size_t)digit;
    } else if (byte == '\n') {
        response->part = response->left > 0 ? response_chunk_data : response_trailer;
    } else {
        response->part = response_chunk_extension;
    }
}

static void take_trailer_byte(struct response *response, char byte) {
    if (byte == '\r') return;
    if (byte != '\n') response->left++;
    else if (response->left == 0) response->part = response_complete;
    else response->left = 0;
}

size_t response_take(struct response *response, const char *bytes, size_t length) {
    size_t taken = 0;
    while (taken < length) {
        switch (response->part) {
        case response_head:
            taken += take_head(response, bytes + taken, length - taken);
            break;
        case response_body:
            taken += take_counted(response, length - taken, response_complete);
            break;
        case response_until_close:
            return length;
        case response_chunk_size:
        case response_chunk_extension:
            take_size_byte(response, bytes[taken++]);
            break;
        case response_chunk_data:
            taken += take_counted(response, length - taken, response_chunk_end);
            break;
        case response_chunk_end:
            if (bytes[taken++] == '\n') response->part = response_chunk_size;
            break;
        case response_trailer:
            take_trailer_byte(response, bytes[taken++]);
            break;
        case response_complete:
        case response_malformed:
            return taken;
        }
    }
    return taken;
}

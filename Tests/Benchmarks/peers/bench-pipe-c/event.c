#include "event.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>

static bool put(struct buffer *line, const char *text) {
    return buffer_append(line, text, strlen(text));
}

static bool put_escape(struct buffer *line, unsigned char byte) {
    char escape[8];
    if (byte == '"' || byte == '\\') {
        snprintf(escape, sizeof escape, "\\%c", byte);
    } else if (byte == '\n') {
        memcpy(escape, "\\n", 3);
    } else {
        snprintf(escape, sizeof escape, "\\u%04x", byte);
    }
    return put(line, escape);
}

static bool put_string(struct buffer *line, struct text text) {
    if (!put(line, "\"")) return false;
    size_t plain = 0;
    for (size_t index = 0; index < text.length; index++) {
        unsigned char byte = (unsigned char)text.bytes[index];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        if (!buffer_append(line, text.bytes + plain, index - plain)) return false;
        if (!put_escape(line, byte)) return false;
        plain = index + 1;
    }
    return buffer_append(line, text.bytes + plain, text.length - plain) && put(line, "\"");
}

static bool put_name(struct buffer *line, struct text name) {
    if (!buffer_reserve(line, name.length + 2)) return false;
    char *lowercase = line->bytes + line->length;
    *lowercase++ = '"';
    for (size_t index = 0; index < name.length; index++) {
        char byte = name.bytes[index];
        *lowercase++ = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
    }
    *lowercase = '"';
    line->length += name.length + 2;
    return true;
}

static struct text header(const struct http_request *request, const char *name) {
    for (size_t index = 0; index < request->header_count; index++) {
        struct text found = request->headers[index].name;
        if (found.length == strlen(name) && strncasecmp(found.bytes, name, found.length) == 0) {
            return request->headers[index].value;
        }
    }
    return (struct text){"", 0};
}

static bool put_headers(struct buffer *line, const struct http_request *request) {
    bool fits = put(line, ",\"headers\":{");
    for (size_t index = 0; fits && index < request->header_count; index++) {
        if (index > 0) fits = put(line, ",");
        fits = fits && put_name(line, request->headers[index].name) && put(line, ":")
            && put_string(line, request->headers[index].value);
    }
    return fits && put(line, "}");
}

/// The words for a second are made once in that second.
static const char *time_text(time_t second) {
    static time_t written;
    static char text[32];
    if (second != written) {
        struct tm parts;
        gmtime_r(&second, &parts);
        strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S +0000", &parts);
        written = second;
    }
    return text;
}

static bool put_moment(struct buffer *line) {
    static unsigned long number;
    struct timeval now;
    gettimeofday(&now, NULL);
    char text[192];
    snprintf(text, sizeof text,
             ",\"requestId\":\"%08lx-0000-4000-8000-%012lx\",\"time\":\"%s\",\"timeEpoch\":%lld",
             (unsigned long)now.tv_sec, ++number, time_text(now.tv_sec),
             (long long)now.tv_sec * 1000 + now.tv_usec / 1000);
    return put(line, text);
}

static bool put_route(struct buffer *line, const struct http_request *request) {
    return put(line, "\"") && put(line, request->method) && put(line, " ")
        && buffer_append(line, request->path.bytes, request->path.length) && put(line, "\"");
}

static bool put_context(struct buffer *line, const struct http_request *request) {
    return put(line, ",\"requestContext\":{\"accountId\":\"000000000000\",\"apiId\":\"local\"")
        && put(line, ",\"domainName\":") && put_string(line, header(request, "host"))
        && put(line, ",\"domainPrefix\":\"local\",\"stage\":\"$default\",\"routeKey\":")
        && put_route(line, request) && put_moment(line)
        && put(line, ",\"http\":{\"method\":\"") && put(line, request->method)
        && put(line, "\",\"path\":") && put_string(line, request->path)
        && put(line, ",\"protocol\":\"HTTP/1.1\",\"sourceIp\":\"127.0.0.1\",\"userAgent\":")
        && put_string(line, header(request, "user-agent")) && put(line, "}}");
}

bool event_write(struct buffer *line, const struct http_request *request) {
    line->length = 0;
    return put(line, "{\"version\":\"2.0\",\"routeKey\":") && put_route(line, request)
        && put(line, ",\"rawPath\":") && put_string(line, request->path)
        && put(line, ",\"rawQueryString\":") && put_string(line, request->query)
        && put_headers(line, request) && put_context(line, request)
        && put(line, ",\"body\":") && put_string(line, request->body)
        && put(line, ",\"isBase64Encoded\":false}\n");
}

#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/// Every request there is, in a row.
static struct request *requests;
static size_t request_count, next_place;
static bool repeats;

static void add(const struct options *options, const char *header, size_t header_length,
                const char *body, size_t body_length) {
    size_t room = strlen(options->path) + strlen(options->method) + header_length + body_length;
    char *bytes = malloc(room + 512);
    if (!bytes) abort();
    int head = snprintf(bytes, room + 512,
                        "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench-load\r\nAccept: */*\r\n"
                        "Content-Type: application/json\r\n%.*s%sContent-Length: %zu\r\n\r\n",
                        options->method, options->path, options->host, (int)header_length, header,
                        header_length > 0 ? "\r\n" : "", body_length);
    if (body) memcpy(bytes + head, body, body_length);
    else write_body(bytes + head, body_length);
    requests[request_count++] = (struct request){bytes, (size_t)head + body_length};
}

/// Each line is a header, a tab and a body.
static bool add_lines(const struct options *options, char *line, char *end) {
    size_t lines = 0;
    for (char *byte = line; byte < end; byte++) lines += *byte == '\n';
    requests = calloc(lines + 1, sizeof *requests);
    if (!requests) abort();
    while (line < end) {
        char *line_end = memchr(line, '\n', (size_t)(end - line));
        char *tab = line_end ? memchr(line, '\t', (size_t)(line_end - line)) : NULL;
        if (!tab) return false;
        add(options, line, (size_t)(tab - line), tab + 1, (size_t)(line_end - tab - 1));
        line = line_end + 1;
    }
    return request_count > 0;
}

static char *contents(const char *path, size_t *length) {
    FILE *file = fopen(path, "r");
    struct stat status;
    if (!file || fstat(fileno(file), &status) < 0) return NULL;
    char *bytes = malloc((size_t)status.st_size + 1);
    if (!bytes) abort();
    *length = fread(bytes, 1, (size_t)status.st_size, file);
    fclose(file);
    return bytes;
}

bool requests_prepare(const struct options *options) {
    next_place = 0;
    // Whoever awaits a server sends one request until it is answered.
    repeats = !options->replay || options->await_seconds > 0;
    if (!options->replay) {
        requests = calloc(1, sizeof *requests);
        if (!requests) abort();
        add(options, "", 0, NULL, (size_t)options->body_bytes);
        return true;
    }
    size_t length = 0;
    char *bytes = contents(options->replay, &length);
    bool understood = bytes && add_lines(options, bytes, bytes + length);
    if (!understood) fprintf(stderr, "bench-load: %s holds no requests\n", options->replay);
    free(bytes);
    return understood;
}

bool requests_next(struct request *request) {
    if (next_place == request_count) return false;
    *request = requests[next_place];
    if (!repeats) next_place++;
    return true;
}

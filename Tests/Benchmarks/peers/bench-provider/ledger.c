#define _GNU_SOURCE
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

static struct buffer unwritten;
static int descriptor;

static void write_all(uv_prepare_t *prepare) {
    (void)prepare;
    const char *bytes = unwritten.bytes;
    size_t left = unwritten.length;
    while (left > 0) {
        ssize_t count = write(descriptor, bytes, left);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) abort();
        bytes += count;
        left -= (size_t)count;
    }
    unwritten.length = 0;
}

int ledger_open(const char *file, uv_loop_t *loop) {
    static uv_prepare_t prepare;
    descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return -errno;
    uv_prepare_init(loop, &prepare);
    return uv_prepare_start(&prepare, write_all);
}

/// The string after the first member of that name; an empty one when there is none.
static struct text member(const struct text *json, const char *name) {
    const char *found = memmem(json->bytes, json->length, name, strlen(name));
    if (!found) return (struct text){"", 0};
    const char *end = json->bytes + json->length, *value = found + strlen(name);
    while (value < end && (*value == ':' || *value == ' ')) value++;
    if (value == end || *value != '"') return (struct text){"", 0};
    value++;
    const char *quote = memchr(value, '"', (size_t)(end - value));
    return quote ? (struct text){value, (size_t)(quote - value)} : (struct text){"", 0};
}

void ledger_add(const struct text *message) {
    struct text recipient = member(message, "\"to\"");
    char time[32];
    int length = snprintf(time, sizeof time, "%llu ", (unsigned long long)(uv_hrtime() / 1000));
    bool fits = buffer_append(&unwritten, time, (size_t)length)
        && buffer_append(&unwritten, recipient.bytes, recipient.length)
        && buffer_append(&unwritten, "\n", 1);
    if (!fits) abort();
}

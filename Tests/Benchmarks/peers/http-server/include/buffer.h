#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Bytes that grow up to `buffer_limit`; zero-initialised is empty.
struct buffer {
    char *bytes;
    size_t length, capacity;
};

enum { buffer_limit = 8 * 1024 * 1024 };

/// Makes room for `length` more bytes; false at the limit or without memory.
bool buffer_reserve(struct buffer *buffer, size_t length);
bool buffer_append(struct buffer *buffer, const void *bytes, size_t length);
/// Forgets the first `length` bytes.
void buffer_drop(struct buffer *buffer, size_t length);
void buffer_free(struct buffer *buffer);

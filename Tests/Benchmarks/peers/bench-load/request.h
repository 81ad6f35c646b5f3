#pragma once
#include "options.h"

struct request {
    const char *bytes;
    size_t length;
};

/// Makes what is to be sent; false, with a word about it, when the file of requests cannot be used.
bool requests_prepare(const struct options *options);

/// Takes the next request: always the same, or the next of a file; false after its last.
bool requests_next(struct request *request);

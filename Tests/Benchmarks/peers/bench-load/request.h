#pragma once
#include "options.h"

struct request {
    char *bytes;
    size_t length;
};

/// The bytes of the one request that is sent again and again.
struct request request_prepare(const struct options *options);

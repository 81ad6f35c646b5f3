#pragma once
#include "histogram.h"
#include "options.h"

struct result {
    uint64_t requests, errors, non_2xx;
    double seconds;
    struct histogram latencies;
};

/// Runs the whole load on this thread.
void load_run(const struct options *options, struct result *result);

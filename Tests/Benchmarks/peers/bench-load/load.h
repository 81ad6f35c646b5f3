#pragma once
#include "histogram.h"
#include "options.h"

struct result {
    uint64_t requests, errors, non_2xx;
    /// With those of the warm-up.
    uint64_t all_requests;
    double seconds;
    struct histogram latencies;
};

/// Runs the whole load, of requests that are prepared, on this thread.
void load_run(const struct options *options, struct result *result);

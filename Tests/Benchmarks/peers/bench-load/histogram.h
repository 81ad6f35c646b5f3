#pragma once
#include <stdint.h>

/// Counts of durations in nanoseconds, each kept to within 1/64 of its size.
enum { histogram_steps = 64, histogram_size = 64 * histogram_steps };

struct histogram {
    uint64_t counts[histogram_size];
    uint64_t total, largest;
};

void histogram_add(struct histogram *histogram, uint64_t nanoseconds);

/// The duration that `fraction` of all durations do not exceed, in nanoseconds.
uint64_t histogram_quantile(const struct histogram *histogram, double fraction);

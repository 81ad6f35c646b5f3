#include "histogram.h"

/// Below 64 each value has its own place; above, each power of two has 64 places.
static unsigned place_of(uint64_t value) {
    if (value < histogram_steps) return (unsigned)value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - 6;
    return (shift + 1) * histogram_steps + (unsigned)(value >> shift) - histogram_steps;
}

static uint64_t end_of(unsigned place) {
    if (place < histogram_steps) return place;
    unsigned shift = place / histogram_steps - 1;
    return ((uint64_t)(place % histogram_steps + histogram_steps + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t nanoseconds) {
    histogram->counts[place_of(nanoseconds)]++;
    histogram->total++;
    if (nanoseconds > histogram->largest) histogram->largest = nanoseconds;
}

uint64_t histogram_quantile(const struct histogram *histogram, double fraction) {
    uint64_t wanted = (uint64_t)(fraction * (double)histogram->total + 0.5), seen = 0;
    for (unsigned place = 0; place < histogram_size; place++) {
        seen += histogram->counts[place];
        if (seen < wanted || seen == 0) continue;
        uint64_t end = end_of(place);
        return end < histogram->largest ? end : histogram->largest;
    }
    return histogram->largest;
}

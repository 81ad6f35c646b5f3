// Closed-loop HTTP load: prints one JSON line.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "load.h"
#include "request.h"

static struct result result;

static double microseconds(uint64_t nanoseconds) {
    return (double)nanoseconds / 1000;
}

static void print(void) {
    printf("{\"requests\":%" PRIu64 ",\"seconds\":%.3f,\"per_second\":%.1f,\"p50_us\":%.1f,"
           "\"p99_us\":%.1f,\"max_us\":%.1f,\"errors\":%" PRIu64 ",\"non_2xx\":%" PRIu64
           ",\"all_requests\":%" PRIu64 "}\n",
           result.requests, result.seconds, (double)result.requests / result.seconds,
           microseconds(histogram_quantile(&result.latencies, 0.50)),
           microseconds(histogram_quantile(&result.latencies, 0.99)),
           microseconds(result.latencies.largest), result.errors, result.non_2xx,
           result.all_requests);
}

/// Repeats one request every 10 ms until it is answered 2xx.
static int await(struct options options) {
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    long attempts = (long)(options.await_seconds * 100) + 1;
    options.connections = 1;
    options.requests = options.error_limit = 1;
    options.seconds = 1;
    for (long attempt = 0; attempt < attempts; attempt++) {
        memset(&result, 0, sizeof result);
        load_run(&options, &result);
        if (result.requests == 1 && result.non_2xx == 0) return 0;
        nanosleep(&pause, NULL);
    }
    fprintf(stderr, "bench-load: no 2xx answer from %s%s\n", options.host, options.path);
    return 1;
}

int main(int count, char **arguments) {
    struct options options;
    if (!options_parse(&options, count, arguments)) return 2;
    if (!requests_prepare(&options)) return 1;
    if (options.await_seconds > 0) return await(options);
    load_run(&options, &result);
    print();
    return 0;
}

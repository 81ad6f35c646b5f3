#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct options {
    struct sockaddr_in address;
    char host[128];
    /// `replay` is a file of requests, each to be sent once.
    const char *path, *method, *replay;
    int connections;
    /// The load ends after so many answers, or so many errors.
    uint64_t requests, error_limit;
    double seconds, warmup_seconds, await_seconds;
    long body_bytes;
};

/// Reads the command line; prints the usage and returns false when it is not understood.
bool options_parse(struct options *options, int count, char **arguments);

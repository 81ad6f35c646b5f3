#include "options.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: bench-load --url http://IPv4:PORT/path [options]\n"
    "  --connections N  open connections, each with one request at a time (default 1)\n"
    "  --seconds S      how long at most (default 60)\n"
    "  --requests N     stop after so many answers\n"
    "  --warmup S       seconds before the measurement (default 0)\n"
    "  --method M       default POST\n"
    "  --body-bytes B   length of the JSON body (default 0: none)\n"
    "  --replay FILE    each request once, from a line that is a header, a tab and a body\n"
    "  --await S        no load: repeat one request until it is answered 2xx, for S seconds\n";

static bool parse_url(struct options *options, const char *url) {
    unsigned port = 0;
    char address[64];
    if (sscanf(url, "http://%63[0-9.]:%u", address, &port) != 2 || port > 65535) return false;
    const char *path = strchr(url + strlen("http://"), '/');
    options->path = path ? path : "/";
    options->address.sin_family = AF_INET;
    options->address.sin_port = htons((uint16_t)port);
    snprintf(options->host, sizeof options->host, "%s:%u", address, port);
    return inet_pton(AF_INET, address, &options->address.sin_addr) == 1;
}

static bool set(struct options *options, const char *name, const char *value) {
    if (strcmp(name, "--url") == 0) return parse_url(options, value);
    if (strcmp(name, "--method") == 0) options->method = value;
    else if (strcmp(name, "--replay") == 0) options->replay = value;
    else if (strcmp(name, "--connections") == 0) options->connections = atoi(value);
    else if (strcmp(name, "--requests") == 0) options->requests = strtoull(value, NULL, 10);
    else if (strcmp(name, "--seconds") == 0) options->seconds = atof(value);
    else if (strcmp(name, "--warmup") == 0) options->warmup_seconds = atof(value);
    else if (strcmp(name, "--await") == 0) options->await_seconds = atof(value);
    else if (strcmp(name, "--body-bytes") == 0) options->body_bytes = atol(value);
    else return false;
    return true;
}

static bool in_range(const struct options *options) {
    return options->path && options->connections >= 1 && options->connections <= 4096
        && options->seconds > 0 && options->warmup_seconds >= 0 && options->body_bytes >= 0
        && options->body_bytes <= 16 * 1024 * 1024;
}

bool options_parse(struct options *options, int count, char **arguments) {
    *options = (struct options){.method = "POST", .connections = 1, .seconds = 60};
    bool understood = count % 2 == 1;
    for (int index = 1; understood && index + 1 < count; index += 2) {
        understood = set(options, arguments[index], arguments[index + 1]);
    }
    options->error_limit = 100 + 10 * (uint64_t)options->connections;
    if (understood && in_range(options)) return true;
    fputs(usage, stderr);
    return false;
}

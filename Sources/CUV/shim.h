#pragma once
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

// Linux calls that glibc declares only under _GNU_SOURCE, which Swift's C importer does not define.

enum { CUV_F_SETPIPE_SZ = 1031 };

/// Sets one resource limit of a running process: prlimit(2).
static inline int cuv_limit_process(int pid, int resource, rlim_t soft, rlim_t hard) {
    struct rlimit limit = {soft, hard};
    return (int)syscall(SYS_prlimit64, pid, resource, &limit, (void *)0);
}

#pragma once
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

// Linux calls that glibc declares only under _GNU_SOURCE, which Swift's C importer does not define.

enum { CUV_F_SETPIPE_SZ = 1031 };

/// Has every descriptor but 0, 1 and 2 closed when a program is run: close_range(2).
///
/// A kernel older than 5.11 refuses, and descriptors keep the flag they were opened with.
static inline int cuv_close_all_on_exec(void) {
    const unsigned close_on_exec = 4;
    return (int)syscall(SYS_close_range, 3u, ~0u, close_on_exec);
}

/// Sets one resource limit of a running process: prlimit(2).
static inline int cuv_limit_process(int pid, int resource, rlim_t soft, rlim_t hard) {
    struct rlimit limit = {soft, hard};
    return (int)syscall(SYS_prlimit64, pid, resource, &limit, (void *)0);
}

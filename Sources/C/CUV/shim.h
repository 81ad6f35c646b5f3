#pragma once
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

// Linux calls that Swift cannot make: glibc hides them behind _GNU_SOURCE, or they are variadic.

enum { CUV_F_SETPIPE_SZ = 1031 };

/// Marks every descriptor except 0, 1 and 2 as close-on-exec: close_range(2).
///
/// Fails on a kernel older than 5.11; descriptors then keep their own flags.
static inline int cuv_close_all_on_exec(void) {
    const unsigned close_on_exec = 4;
    return (int)syscall(SYS_close_range, 3u, ~0u, close_on_exec);
}

/// Sets one resource limit of a running process: prlimit(2).
static inline int cuv_limit_process(int pid, int resource, rlim_t soft, rlim_t hard) {
    struct rlimit limit = {soft, hard};
    return (int)syscall(SYS_prlimit64, pid, resource, &limit, (void *)0);
}

/// How many sent bytes of a TCP connection the other side has not acknowledged; -1 when unknown.
static inline int cuv_unsent_bytes(int descriptor) {
    int count = 0;
    return ioctl(descriptor, SIOCOUTQ, &count) == 0 ? count : -1;
}

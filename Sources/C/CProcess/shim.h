#pragma once
#include <linux/capability.h>
#include <sys/prctl.h>

// prctl(2) is variadic, so Swift cannot call it.

/// Hides this process from other processes of the same user: they cannot read its memory or
/// environment, nor trace it.
static inline int cprocess_hide(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Drops the capabilities to inspect other processes from the children of this process. Only root
/// has them; for other users the calls fail and change nothing.
static inline void cprocess_withhold_inspection(void) {
    prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0);
    // Each of these lets a process read another's memory map and environment.
    prctl(PR_CAPBSET_DROP, CAP_PERFMON, 0, 0, 0);
    prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0);
}

#pragma once
#include "http_server.h"

/// When each message came and for whom, one line of a file each: `<microseconds> <recipient>`, by
/// the clock that all processes of the machine share.

/// 0 or a libuv error. What is added is in the file before the loop waits for anything.
int ledger_open(const char *file, uv_loop_t *loop);

/// Adds a message: JSON with a member `to`.
void ledger_add(const struct text *message);

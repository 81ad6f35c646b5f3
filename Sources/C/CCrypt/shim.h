#pragma once
#include <crypt.h>
#include <string.h>

/// Erases memory that held a password; a plain memset before a free may be optimised away.
static inline void ccrypt_erase(void *memory, size_t size) { explicit_bzero(memory, size); }

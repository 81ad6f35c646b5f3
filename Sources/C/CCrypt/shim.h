#pragma once
#include <crypt.h>
#include <string.h>

/// Erases memory that held a password. The compiler may remove a plain memset before a free.
static inline void ccrypt_erase(void *memory, size_t size) { explicit_bzero(memory, size); }

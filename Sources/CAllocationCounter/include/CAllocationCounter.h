#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Whether this system lets a program count its heap allocations: Linux with glibc, without a sanitizer.
bool ac_is_available(void);

/// How often all threads together have asked for heap memory since the process began.
int64_t ac_allocations(void);

/// How many bytes of heap memory all threads together hold.
int64_t ac_live_bytes(void);

#pragma once

#include <stddef.h>

/// How many bytes are allocated, in all arenas of the C library; 0 where it can't tell.
size_t allocated_bytes(void);

#pragma once

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/// What this thread's innermost synchronous handler runs in; null outside any.
extern _Thread_local const void *ed_thread_scope_storage;

static inline const void *ed_thread_scope(void) { return ed_thread_scope_storage; }
static inline void ed_set_thread_scope(const void *scope) { ed_thread_scope_storage = scope; }

/// A value that no other living thread has.
static inline const void *ed_thread_identity(void) { return &ed_thread_scope_storage; }

/// Writes bytes to standard error, as far as it takes them.
static inline void ed_write_standard_error(const void *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes = (const char *)bytes + written;
        count -= (size_t)written;
    }
}

// Counts heap allocations by standing in for malloc and its relatives: a program's own definitions come before glibc's, for
// the libraries that it loads too.
//
// Every thread counts in a place of its own, with plain additions, so that counting disturbs no timing; whoever asks sums up.

#define _GNU_SOURCE
#include "CAllocationCounter.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define AC_SANITIZED 1
#endif
#endif

#include <stdlib.h>

#if defined(__GLIBC__) && !defined(AC_SANITIZED)

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

// Two cache lines each, because processors fetch them in pairs.
typedef struct {
    _Alignas(128) _Atomic int64_t allocations;
    _Atomic int64_t live_bytes;
} Counts;

// The threads that come after the first ones share the last place.
enum { PLACES = 256 };
static Counts counts[PLACES];
static _Atomic int places_taken;
static _Thread_local Counts *counts_of_thread;

static inline void add(_Atomic int64_t *count, int64_t amount, bool is_shared) {
    if (is_shared) {
        atomic_fetch_add_explicit(count, amount, memory_order_relaxed);
    } else {
        int64_t sum = atomic_load_explicit(count, memory_order_relaxed) + amount;
        atomic_store_explicit(count, sum, memory_order_relaxed);
    }
}

static inline void note(int64_t allocations, int64_t bytes) {
    Counts *mine = counts_of_thread;
    if (!mine) {
        int place = atomic_fetch_add_explicit(&places_taken, 1, memory_order_relaxed);
        mine = &counts[place < PLACES ? place : PLACES - 1];
        counts_of_thread = mine;
    }
    bool is_shared = mine == &counts[PLACES - 1];
    if (allocations) add(&mine->allocations, allocations, is_shared);
    add(&mine->live_bytes, bytes, is_shared);
}

static inline int64_t size_of(void *memory) { return memory ? (int64_t)malloc_usable_size(memory) : 0; }

static inline void *noted(void *memory) {
    if (memory) note(1, size_of(memory));
    return memory;
}

void *malloc(size_t size) { return noted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return noted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return noted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return noted(__libc_memalign(alignment, size)); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    bool is_power_of_two = alignment && !(alignment & (alignment - 1));
    if (!is_power_of_two || alignment % sizeof(void *)) return EINVAL;
    void *memory = noted(__libc_memalign(alignment, size));
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

void *realloc(void *memory, size_t size) {
    int64_t before = size_of(memory);
    void *result = __libc_realloc(memory, size);
    bool is_freed = memory && !size;
    if (result || is_freed) note(result ? 1 : 0, size_of(result) - before);
    return result;
}

void free(void *memory) {
    if (!memory) return;
    note(0, -size_of(memory));
    __libc_free(memory);
}

bool ac_is_available(void) { return true; }

int64_t ac_allocations(void) {
    int64_t sum = 0;
    for (int place = 0; place < PLACES; place++) {
        sum += atomic_load_explicit(&counts[place].allocations, memory_order_relaxed);
    }
    return sum;
}

int64_t ac_live_bytes(void) {
    int64_t sum = 0;
    for (int place = 0; place < PLACES; place++) {
        sum += atomic_load_explicit(&counts[place].live_bytes, memory_order_relaxed);
    }
    return sum;
}

#else

bool ac_is_available(void) { return false; }
int64_t ac_allocations(void) { return 0; }
int64_t ac_live_bytes(void) { return 0; }

#endif

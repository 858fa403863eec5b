#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/// The frame of what runs in place on this thread; null outside any.
extern _Thread_local void *ed_thread_frame_storage;

static inline void *ed_thread_frame(void) { return ed_thread_frame_storage; }
static inline void ed_set_thread_frame(void *frame) { ed_thread_frame_storage = frame; }

/// The runtime's functions behind `withUnsafeCurrentTask` and `isCancelled`, which compiled code calls too. They have been there as long
/// as tasks have.
__attribute__((swiftcall)) extern void *swift_task_getCurrent(void);
__attribute__((swiftcall)) extern _Bool swift_task_isCancelled(void *task);

/// The task that runs on this thread; null outside any. Unlike Swift's own question it counts no reference, so the pointer is to be
/// compared while that task is known to live, and for nothing else.
static inline const void *ed_current_task(void) { return swift_task_getCurrent(); }

/// What `Task.isCancelled` says, without counting a reference: a task that runs here lives.
static inline _Bool ed_current_task_is_cancelled(void) {
    void *task = swift_task_getCurrent();
    return task && swift_task_isCancelled(task);
}

/// The batch of handlers that is being started on this thread; null while none is.
extern _Thread_local const void *ed_starting_batch_storage;

static inline const void *ed_starting_batch(void) { return ed_starting_batch_storage; }
static inline void ed_set_starting_batch(const void *batch) { ed_starting_batch_storage = batch; }

/// The innermost section on this thread that hashes and compares values for a limit or a modifier; null outside any.
extern _Thread_local const void *ed_keyed_section_storage;

static inline const void *ed_keyed_section(void) { return ed_keyed_section_storage; }
static inline void ed_set_keyed_section(const void *section) { ed_keyed_section_storage = section; }

/// How many asynchronous handlers are running in the process. While there is none, nobody is inside one, and nobody needs to ask
/// for the task-local value that would tell, which takes 10 ns.
extern long ed_handlers_in_tasks;

static inline void ed_handler_in_task_began(void) { __atomic_fetch_add(&ed_handlers_in_tasks, 1, __ATOMIC_RELAXED); }
static inline void ed_handler_in_task_ended(void) { __atomic_fetch_sub(&ed_handlers_in_tasks, 1, __ATOMIC_RELAXED); }
static inline _Bool ed_has_handlers_in_tasks(void) { return __atomic_load_n(&ed_handlers_in_tasks, __ATOMIC_RELAXED) != 0; }

/// The number of this thread, counted from 0 in the order in which threads asked.
extern _Thread_local unsigned ed_thread_number_storage;
extern unsigned ed_threads_numbered;

static inline unsigned ed_thread_number(void) {
    if (ed_thread_number_storage == 0) {
        ed_thread_number_storage = __atomic_add_fetch(&ed_threads_numbered, 1, __ATOMIC_RELAXED);
    }
    return ed_thread_number_storage - 1;
}

/// Asks the processor to fetch what is at an address, which may be any.
static inline void ed_prefetch(const void *address) { __builtin_prefetch(address); }

/// A value that no other living thread has.
static inline const void *ed_thread_identity(void) { return &ed_thread_frame_storage; }

// Functions of the Swift runtime, which compiled code and tools call, and whose signatures do not change.
extern _Bool swift_isDeallocating(const void *object);
extern void *swift_tryRetain(void *object);
extern const void *swift_getExistentialMetatypeMetadata(const void *existential);

/// Whether a native object of Swift is being freed, or is. Neither retains it nor waits. Something has to keep its memory: the object
/// itself, or an unowned reference.
static inline _Bool ed_is_ending(const void *object) { return swift_isDeallocating(object); }

/// Retains a native object of Swift, and returns it; NULL for one that is being freed, or is. Something has to keep its memory.
static inline void *ed_retain_unless_ending(const void *object) { return swift_tryRetain((void *)object); }

/// The metadata of `any P.Type`, from that of `any P`; its kind has to be that of an existential type without parameters.
static inline const void *ed_existential_metatype(const void *existential) {
    return swift_getExistentialMetatypeMetadata(existential);
}

/// The time on the clock that ContinuousClock reads, in nanoseconds.
static inline uint64_t ed_nanoseconds(void) {
    struct timespec time;
#if defined(__linux__)
    clock_gettime(CLOCK_BOOTTIME, &time);
#else
    clock_gettime(CLOCK_MONOTONIC_RAW, &time);
#endif
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

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

#if defined(__linux__)
// Null but in a program that is linked with the thread sanitizer: Swift, which compiles what stands here, does not tell this header.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

/// Tells the thread sanitizer that what was done before the last `ed_released` of an address happened before what follows.
static inline void ed_acquired(const void *address) {
    if (__tsan_acquire) __tsan_acquire((void *)address);
}

/// Tells the thread sanitizer that what was done so far happens before what follows the next `ed_acquired` of an address.
static inline void ed_released(const void *address) {
    if (__tsan_release) __tsan_release((void *)address);
}
#else
static inline void ed_acquired(const void *address) {}
static inline void ed_released(const void *address) {}
#endif

import Foundation

/// Whether the thread sanitizer watches the tests. Functions take more of the stack then.
let isThreadSanitized = dlsym(nil, "__tsan_acquire") != nil

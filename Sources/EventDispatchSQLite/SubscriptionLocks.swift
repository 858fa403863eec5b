#if SQLite
    import EventDispatchStore

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #else
        import Darwin
    #endif

    #if os(Linux)
        // The headers have them, behind a macro that hides them from Swift. The numbers are part of the system's interface.
        private let F_OFD_GETLK: Int32 = 36
        private let F_OFD_SETLK: Int32 = 37
    #endif

    /// Locks between processes, one for each subscription: bytes of a file beside the database, at the subscriptions' numbers.
    ///
    /// They are locks of *open file descriptions*: the system releases them when the process ends, however it does, and those of two
    /// stores in one process exclude each other too. A lock of a process (`F_SETLK`) would go when anything in it closes the file.
    final class SubscriptionLocks: Sendable {
        private let descriptor: Int32
        private let path: String

        init(at path: String) throws(EventStoreError) {
            self.path = path
            descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            if descriptor < 0 { throw error("can't be opened") }
        }

        deinit { close(descriptor) }

        /// Takes the lock of a subscription, and tells whether it was free.
        func take(_ number: Int64) throws(EventStoreError) -> Bool {
            // In another file they would lock nothing for those who have this one.
            var (own, current) = (stat(), stat())
            guard fstat(descriptor, &own) == 0, stat(path, &current) == 0, own.st_ino == current.st_ino else {
                throw EventStoreError(.fileGone, "'\(path)' has been removed or replaced")
            }
            var lock = lock(F_WRLCK, number)
            if fcntl(descriptor, F_OFD_SETLK, &lock) == 0 { return true }
            if errno == EAGAIN || errno == EACCES { return false }
            throw error("can't be locked")
        }

        /// Releases the lock of a subscription.
        func release(_ number: Int64) {
            var lock = lock(F_UNLCK, number)
            _ = fcntl(descriptor, F_OFD_SETLK, &lock)
        }

        /// Whether another store has the lock of a subscription.
        func isTaken(_ number: Int64) -> Bool {
            var lock = lock(F_WRLCK, number)
            return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK
        }

        private func lock(_ type: Int32, _ number: Int64) -> flock {
            var lock = flock()
            lock.l_type = Int16(type)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_start = off_t(number)
            lock.l_len = 1
            return lock
        }

        private func error(_ what: String) -> EventStoreError {
            EventStoreError(.unavailable, "'\(path)' \(what): \(String(cString: strerror(errno)))")
        }
    }
#endif

#if SQLite
    import Foundation

    /// A child that runs, or has ended.
    final class ChildProcess {
        /// How a process ended.
        enum Ending {
            /// The parent killed it.
            case killed
            /// It was killed, and not by the parent.
            case killedItself
            case exited(Int32)
            case crashed(signal: Int32)
        }

        /// The number of the process on its file or stream.
        let number: Int
        let spawned = Line.now
        /// What it has told so far, in the order of the pipe.
        private(set) var lines: [Line] = []
        private(set) var isAtEnd = false
        private let process: pid_t
        private let output: Int32
        private let input: Int32
        private var partial: [UInt8] = []
        private var wasKilled = false

        /// Starts this program as a child. It ends when this process does: it sees the end of its input.
        init(_ number: Int, _ arguments: [String]) throws(CrashError) {
            self.number = number
            let (output, childOutput) = try Self.pipe()
            let (childInput, input) = try Self.pipe()
            self.output = output
            self.input = input
            process = try Self.spawn(arguments, input: childInput, output: childOutput)
            close(childInput)
            close(childOutput)
        }

        deinit {
            close(output)
            close(input)
        }

        /// A pipe that no child has but one that gets it as its input or output.
        private static func pipe() throws(CrashError) -> (reading: Int32, writing: Int32) {
            var ends: [Int32] = [0, 0]
            guard Foundation.pipe(&ends) == 0 else { throw CrashError("there is no pipe: \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }

        private static func spawn(_ arguments: [String], input: Int32, output: Int32) throws(CrashError) -> pid_t {
            #if canImport(Darwin)
                var actions: posix_spawn_file_actions_t?
            #else
                var actions = posix_spawn_file_actions_t()
            #endif
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
            var arguments = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
            defer { for argument in arguments { free(argument) } }
            var process: pid_t = 0
            let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
            let code = posix_spawn(&process, path, &actions, nil, &arguments, environ)
            guard code == 0 else { throw CrashError("'\(path)' can't be started: \(code)") }
            return process
        }

        func kill() {
            wasKilled = true
            _ = Foundation.kill(process, SIGKILL)
        }

        func requestStop() { _ = write(input, "s", 1) }

        /// When it told that it was up; nil before.
        var opened: UInt64? { lines.first?.time }

        /// Waits until one of several children has told something or ended, at most so many milliseconds, and takes it in.
        static func listen(to children: [ChildProcess], milliseconds: Int32) throws(CrashError) {
            let talking = children.filter { !$0.isAtEnd }
            var polled = talking.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
            for (child, polled) in zip(talking, polled) where polled.revents != 0 { try child.takeIn() }
        }

        private func takeIn() throws(CrashError) {
            let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
                let count = read(output, buffer.baseAddress, buffer.count)
                if count > 0 { partial += buffer[..<count] }
                return count
            }
            guard count > 0 else { return isAtEnd = count == 0 }
            while let end = partial.firstIndex(of: UInt8(ascii: "\n")) {
                let text = String(decoding: partial[..<end], as: UTF8.self)
                partial.removeSubrange(...end)
                guard let line = Line(text) else { throw CrashError("'\(text)' is no line of a child") }
                lines.append(line)
            }
        }

        /// Waits for the end of a process whose pipe is at its end.
        func reap() -> Ending {
            var status: Int32 = 0
            while waitpid(process, &status, 0) == -1, errno == EINTR {}
            let signal = status & 0x7F
            if signal == 0 { return .exited(status >> 8 & 0xFF) }
            if signal != SIGKILL { return .crashed(signal: signal) }
            return wasKilled ? .killed : .killedItself
        }
    }
#endif

import Foundation

/// A connection over TCP. Its functions block, and belong on a thread of their own.
public struct Connection: Sendable {
    let descriptor: Int32
    private static let longestHead = 8192

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// Connects to a port of this machine. Reading gives up after the time-out.
    public init(toPort port: UInt16, timeout seconds: Int = 30) throws {
        self.init(Loopback.makeSocket())
        var time = timeval(tv_sec: .init(seconds), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        guard Loopback.withAddress(port: port, { connect(descriptor, $0, $1) }) == 0 else {
            let error = SystemError("connect")
            finish()
            throw error
        }
    }

    /// Sends all of a text.
    public func transmit(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            #if canImport(Darwin)
                let flags: Int32 = 0
            #else
                let flags = Int32(MSG_NOSIGNAL)
            #endif
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw SystemError("send")
            }
        }
    }

    /// Reads up to and without the empty line that ends a head; nil when the peer closes before.
    public func receiveHead() throws -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard head.count < Self.longestHead, let byte = try receive(atMost: 1).first else { return nil }
            head.append(byte)
        }
        return String(decoding: head.dropLast(4), as: UTF8.self)
    }

    /// Reads so many bytes; fewer when the peer closes before.
    public func receiveBody(_ count: Int) throws -> String {
        var body: [UInt8] = []
        while body.count < count {
            let part = try receive(atMost: count - body.count)
            if part.isEmpty { break }
            body += part
        }
        return String(decoding: body, as: UTF8.self)
    }

    /// Closes the connection.
    public func finish() { close(descriptor) }

    private func receive(atMost count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(count, 1 << 16))
        while true {
            let received = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if received >= 0 { return Array(bytes.prefix(received)) }
            if errno != EINTR { throw SystemError("recv") }
        }
    }
}

/// One request and its response.
struct HTTPExchange {
    let connection: Connection
    let book: RequestBook

    /// A request is in flight when its head has come. A client that asks for it is told, before it sends the body.
    func run() throws {
        guard let head = try connection.receiveHead() else { return }
        guard book.admit() else { return try respond("503 Service Unavailable", "shutting down\n") }
        var answered = false
        defer { book.end(answered: answered) }
        let fields = head.lowercased().split(separator: "\r\n")
        if fields.contains("expect: 100-continue") { try connection.transmit("HTTP/1.1 100 Continue\r\n\r\n") }
        let length = fields.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        let body = try connection.receiveBody(length)
        try respond("200 OK", body)
        answered = true
    }

    private func respond(_ status: String, _ body: String) throws {
        try connection.transmit(
            "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        )
    }
}

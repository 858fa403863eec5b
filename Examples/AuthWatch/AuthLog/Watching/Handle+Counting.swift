import EventDispatch

extension Handle where Event.Reply == Void {
    /// A handler that counts how often it runs, under its name, and stands in the table even when it never does.
    init(
        _ name: String,
        counted counters: CounterTable,
        fileID: String = #fileID,
        line: Int = #line,
        _ body: @escaping @Sendable (Event) throws -> Void
    ) {
        let runs = counters.counter(named: name)
        self.init(name, fileID: fileID, line: line) { event in
            runs.add()
            try body(event)
        }
    }
}

extension EventDispatcher {
    /// Fires the elements of an asynchronous sequence, one after the other, until the sequence ends.
    ///
    /// ```swift
    /// let bridge = Task { try await dispatcher.fireEach(of: socket.messages) }
    /// ```
    ///
    /// The next element is asked for when all handlers of the last have an outcome. Cancelling the task ends it.
    ///
    /// - Parameters:
    ///   - elements: a sequence of events.
    ///   - recover: what is to be done when handlers failed: returning goes on with the next element, throwing ends the whole. By
    ///     default the failure is thrown.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Throws: what the sequence and `recover` throw, and `CancellationError` and ``DispatchError`` as `fire` does.
    public nonisolated(nonsending) func fireEach<Elements: AsyncSequence>(
        of elements: Elements,
        fileID: String = #fileID,
        line: Int = #line,
        onFailure recover: (DispatchFailure) throws -> Void = { throw $0 }
    ) async throws where Elements.Element: MatchableEvent {
        try await fireEach(of: elements, fileID: fileID, line: line, onFailure: recover) { $0 }
    }

    /// Fires what the elements of an asynchronous sequence stand for, one after the other, until the sequence ends.
    ///
    /// ```swift
    /// try await dispatcher.fireEach(of: lines) { line in
    ///     line.hasPrefix("error") ? ErrorLogged(line: line) : LineLogged(line: line)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - elements: a sequence of anything.
    ///   - recover: what is to be done when handlers failed, as in ``fireEach(of:fileID:line:onFailure:)``.
    ///   - event: the event that an element stands for, of whatever type; nil for none.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Throws: what the sequence, `recover` and `event` throw, and `CancellationError` and ``DispatchError`` as `fire` does.
    public nonisolated(nonsending) func fireEach<Elements: AsyncSequence>(
        of elements: Elements,
        fileID: String = #fileID,
        line: Int = #line,
        onFailure recover: (DispatchFailure) throws -> Void = { throw $0 },
        as event: (Elements.Element) throws -> (any MatchableEvent)?
    ) async throws {
        for try await element in elements {
            try Task.checkCancellation()
            guard let event = try event(element) else { continue }
            do {
                try await fire(event, fileID: fileID, line: line)
            } catch let failure as DispatchFailure {
                try recover(failure)
            }
        }
    }
}

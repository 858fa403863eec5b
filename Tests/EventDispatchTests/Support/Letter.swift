import EventDispatch

/// The event that the tests of the queue post.
struct Letter: MatchableEvent {
    var number = 0
    var producer = 0

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let producer = Key(\.producer)
    }

    static var eventName: String { "Letter" }

    init(_ number: Int, of producer: Int = 0) {
        self.number = number
        self.producer = producer
    }
}

extension EventDispatcher {
    /// Posts a letter, and tells how it was refused; nil when it was not.
    func refusal(of letter: Letter) async -> DispatchError.Code? {
        do { try await post(letter) } catch { return error.code }
        return nil
    }
}

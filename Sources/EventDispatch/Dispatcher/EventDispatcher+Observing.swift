extension EventDispatcher {
    /// Lets an observer watch what the dispatcher does, from the next fire on.
    ///
    /// - Returns: the way to end it; may be discarded where the observer stays as long as the dispatcher.
    @discardableResult
    public func observe(with observer: any DispatchObserver) -> DispatchObservation {
        DispatchObservation(of: observers, id: observers.add(observer))
    }
}

/// A closure that can be called at once, or one that has to be awaited.
enum HandlerForm {
    case inPlace(HandlerBody.Synchronous)
    case suspending(HandlerBody.Asynchronous)

    var mustBeAwaited: Bool {
        if case .suspending = self { true } else { false }
    }
}

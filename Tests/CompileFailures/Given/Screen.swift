@MainActor final class Screen {
    func show(_ event: UserCreated) {}
}

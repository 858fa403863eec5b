actor Mailer {
    private(set) var sent = 0

    func send(_ text: String) { sent += 1 }
    nonisolated func note(_ text: String) {}
}

actor Mailer {
    private(set) var sent = 0

    func send(_ event: UserCreated) { sent += 1 }
}

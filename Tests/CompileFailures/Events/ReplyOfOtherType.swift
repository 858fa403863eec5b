import EventDispatch

private func ask(on dispatcher: EventDispatcher) async throws {
    let price: String = try await dispatcher.reply(to: Quote(amount: 1))  // error: cannot convert value of type 'Quote.Reply' (aka 'Int')
    print(price)
}

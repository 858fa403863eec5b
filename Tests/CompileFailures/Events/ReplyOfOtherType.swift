import EventDispatch

private func ask(on dispatcher: EventDispatcher) async throws {
    // error: cannot convert value of type 'Quote.Reply' (aka 'Int') to specified type 'String'
    let price: String = try await dispatcher.reply(to: Quote(amount: 1))
    print(price)
}

import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.logins == 0)
            Handle("handler 0") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 1)
            Handle("handler 1") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 2)
            Handle("handler 2") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 3)
            Handle("handler 3") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 4)
            Handle("handler 4") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 5)
            Handle("handler 5") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 6)
            Handle("handler 6") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 7)
            Handle("handler 7") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 8)
            Handle("handler 8") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 9)
            Handle("handler 9") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 10)
            Handle("handler 10") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 11)
            Handle("handler 11") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 12)
            Handle("handler 12") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 13)
            Handle("handler 13") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 14)
            Handle("handler 14") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 15)
            Handle("handler 15") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 16)
            Handle("handler 16") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 17)
            Handle("handler 17") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 18)
            Handle("handler 18") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 19)
            Handle("handler 19") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 20)
            Handle("handler 20") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 21)
            Handle("handler 21") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 22)
            Handle("handler 22") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 23)
            Handle("handler 23") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 24)
            Handle("handler 24") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 25)
            Handle("handler 25") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 26)
            Handle("handler 26") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 27)
            Handle("handler 27") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == "three")  // error: cannot convert value of type 'String' to expected argument type 'Int'
            Handle("handler 28") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 29)
            Handle("handler 29") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 30)
            Handle("handler 30") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 31)
            Handle("handler 31") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 32)
            Handle("handler 32") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 33)
            Handle("handler 33") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 34)
            Handle("handler 34") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 35)
            Handle("handler 35") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 36)
            Handle("handler 36") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 37)
            Handle("handler 37") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 38)
            Handle("handler 38") { event in print(event.name) }
        }
        On(UserCreated.self) {
            Where(\.logins == 39)
            Handle("handler 39") { event in print(event.name) }
        }
    }
}

import EventDispatch

// error: value of type 'UserCreated.MatchKeys' has no member 'rolle'
private let isAdmin = Filter<UserCreated>(\.rolle, is: .admin)

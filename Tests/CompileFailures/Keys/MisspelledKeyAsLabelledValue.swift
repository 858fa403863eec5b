import EventDispatch

// error: value of type 'UserCreated.MatchKeys' has no member 'rolle'
let isAdmin = Filter<UserCreated>(\.rolle, is: .admin)

import EventDispatch

// error: operator function '==' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
private let isAdmin: Filter<UserCreated> = \.rolle == .admin

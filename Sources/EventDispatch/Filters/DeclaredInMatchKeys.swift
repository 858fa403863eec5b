/// What an ``UndeclaredMatchKey`` is not: the second half of the compiler's message. Nothing conforms.
public protocol DeclaredInMatchKeys {}

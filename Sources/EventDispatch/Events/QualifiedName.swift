/// `Module.Type`, with enclosing types and generic arguments: the name that the type's user would write.
///
/// The language's own qualified name of a private or local type has its context's address in it, which differs from run
/// to run: `Module.(unknown context at $55e0c8).Type`. That of a type in an extension of another module's type begins with
/// where the extension stands: `(extension in Client):Module.Type.Nested`. Both are left out.
func qualifiedName(of type: Any.Type) -> String {
    let name = leavingOut("(unknown context at $", upTo: ").", of: String(reflecting: type))
    return leavingOut("(extension in ", upTo: "):", of: name)
}

private func leavingOut(_ start: String, upTo end: String, of text: String) -> String {
    var rest = text[...]
    var result = ""
    while let found = rest.firstRange(of: start), let foundEnd = rest[found.upperBound...].firstRange(of: end) {
        result += rest[..<found.lowerBound]
        rest = rest[foundEnd.upperBound...]
    }
    return result + rest
}

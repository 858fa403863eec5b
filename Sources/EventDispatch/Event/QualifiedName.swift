/// `Module.Type`, with enclosing types and generic arguments.
///
/// The language's own qualified name of a private or local type has its context's address in it, which differs from run
/// to run: `Module.(unknown context at $55e0c8).Type`. That component is left out.
func qualifiedName(of type: Any.Type) -> String {
    var rest = String(reflecting: type)[...]
    var name = ""
    let start = "(unknown context at $"
    while let context = rest.firstRange(of: start), let end = rest[context.upperBound...].firstRange(of: ").") {
        name += rest[..<context.lowerBound]
        rest = rest[end.upperBound...]
    }
    return name + rest
}

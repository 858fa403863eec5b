/// What a key's value, a text, has to look like.
struct TextForm {
    enum Shape {
        case prefix(String)
        case suffix(String)
        case pattern(NamePattern)
    }

    let shape: Shape
    /// The text of a value; nil where there is none.
    let text: (UnsafeRawPointer) -> String?

    init<Value: MatchableText>(_ shape: Shape, of type: Value.Type) {
        self.shape = shape
        text = { $0.assumingMemoryBound(to: Value.self).pointee.matchableText }
    }
}

/// A key's value that `hasPrefix:`, `hasSuffix:`, `contains:` and `matches:` apply to: strings and optional strings.
public protocol MatchableText {
    /// The text to compare; nil, which fits no text, where there is none.
    var matchableText: String? { get }
}

extension String: MatchableText {
    /// The string itself.
    public var matchableText: String? { self }
}

extension Substring: MatchableText {
    /// A copy of the substring.
    public var matchableText: String? { String(self) }
}

extension Optional: MatchableText where Wrapped: MatchableText {
    /// The wrapped text, or nil.
    public var matchableText: String? { self?.matchableText }
}

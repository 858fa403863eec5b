/// A pattern of dotted names, for the testing module.
package struct NamePatternMatcher: Sendable {
    private let pattern: NamePattern

    package init(_ pattern: String) { self.pattern = NamePattern(pattern) }

    /// What is wrong with the pattern, if anything is.
    package var problem: String? { pattern.problem }

    /// Whether a name fits.
    package func matches(_ name: String) -> Bool { pattern.matches(name) }
}

/// An option that can't be understood, or a value that it can't have.
package struct OptionError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// - Parameter reason: what is wrong, to be read after the option and its value.
    package init(_ option: String, _ value: String, _ reason: String) {
        self.init("\(option) '\(value)' \(reason)")
    }
}

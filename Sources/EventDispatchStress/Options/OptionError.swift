/// An option that can't be understood, or a value that it can't have.
struct OptionError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// - Parameter reason: what is wrong, to be read after the option and its value.
    init(_ option: String, _ value: String, _ reason: String) {
        self.init("\(option) '\(value)' \(reason)")
    }
}

/// The value of an option, as a whole number in a range.
package func wholeNumber(
    _ option: String,
    _ text: String,
    in range: ClosedRange<Int>
) throws(OptionError) -> Int {
    guard let number = Int(text), range.contains(number) else {
        throw OptionError(option, text, "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
}

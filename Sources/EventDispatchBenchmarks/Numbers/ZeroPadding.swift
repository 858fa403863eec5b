extension String {
    /// A number in decimal, with zeros before it up to a number of digits.
    init(_ number: Int, digits: Int) {
        self = number.description
        while count < digits { insert("0", at: startIndex) }
    }
}

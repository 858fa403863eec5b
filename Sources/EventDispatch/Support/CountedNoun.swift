/// A number with thousands set apart, and a noun that agrees with it: `1 handler`, `1,200 handlers`.
func counted(_ count: Int, _ noun: String) -> String { "\(inThousands(count)) \(noun)\(count == 1 ? "" : "s")" }

/// A number with thousands set apart: `1,200`.
func inThousands(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, index in
        let left = digits.count - index
        if index > 0, left.isMultiple(of: 3) { text += "," }
        text.append(digits[index])
    }
}

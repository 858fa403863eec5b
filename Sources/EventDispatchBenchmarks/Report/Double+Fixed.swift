extension Double {
    /// The number with a fixed number of decimals.
    func fixed(decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        let whole = sign + String(scaled / scale)
        return decimals == 0 ? whole : whole + "." + String(scaled % scale, digits: decimals)
    }
}

extension Array {
    /// Where the elements begin that are not less than some value, in an array that is sorted by `isLess`.
    func firstIndex(notLess isLess: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isLess(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

import Foundation

// How stores write values where there are numbers and texts: times as whole microseconds, collections as JSON.

extension StoreTime {
    /// The time since the beginning of 1970 in whole microseconds, as it is stored; the nearest that can be stored.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = sinceEpoch.components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000)
        let all = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard whole.overflow || all.overflow else { return all.partialValue }
        return seconds < 0 ? .min : .max
    }

    /// In whole microseconds, and not before the time: what is due at it isn't due earlier.
    package var microsecondsUp: Int64 {
        StoreTime(microseconds: microseconds) < self && microseconds < .max ? microseconds + 1 : microseconds
    }

    /// The time that is stored as a number of microseconds.
    package init(microseconds: Int64) { self.init(sinceEpoch: .microseconds(microseconds)) }
}

/// The JSON of a value that can always be encoded. Keys are sorted: equal values have equal texts.
package func jsonText(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
}

/// The value of a JSON text; nil when it's something else.
package func jsonValue<Value: Decodable>(_ text: String) -> Value? {
    try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
}

import Foundation

extension Duration {
    /// `0.42 s`.
    var inSeconds: String { String(format: "%.2f s", self / .seconds(1)) }
}

import EventDispatch
import ProgramSupport

/// A type of event that recipes can be made for.
protocol RecipeSource: MatchableEvent where Reply == Void {
    /// What can be asked of the event, by key.
    static var literals: [LiteralOffers<Self>] { get }

    /// Whether what an explanation of the event claims is compared with what happens.
    var isExplained: Bool { get }

    /// An event of random values.
    static func random(using random: inout SplitMix64) -> Self
}

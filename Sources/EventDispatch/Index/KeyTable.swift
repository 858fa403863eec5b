/// The lanes of one key of one type of event; each is made when the first handler needs it.
///
/// To index another kind of condition, give it a form in `IndexForm`, write its lane, and add it here and in
/// `KeyTable+Filing`; where looking it up can stand in for asking it, in `CheckCompiler` too.
final class KeyTable {
    let source: KeySource
    let index: Int
    private unowned let table: EventTable

    private(set) var values: ValueLane?
    private(set) var objects: ValueLane?
    private(set) var elements: ElementLane?
    private(set) var grid: GridLane?
    private(set) var lowerBounds: ThresholdLane?
    private(set) var upperBounds: ThresholdLane?
    private(set) var prefixes: AffixLane?
    private(set) var suffixes: AffixLane?
    private(set) var patterns: PatternLane?
    private(set) var nils: NilLane?

    init(_ source: KeySource, index: Int, of table: EventTable) {
        self.source = source
        self.index = index
        self.table = table
    }

    func valueLane(_ form: MemberForm, _ garbage: Garbage) -> ValueLane {
        make(&values, garbage) { ValueLane(key: index, lookup: table.lookups.count, form) }
    }

    func objectLane(_ form: MemberForm, _ garbage: Garbage) -> ValueLane {
        make(&objects, garbage) { ValueLane(key: index, lookup: table.lookups.count, form) }
    }

    func elementLane(_ form: ElementForm, _ garbage: Garbage) -> ElementLane {
        make(&elements, garbage) { ElementLane(key: index, lookup: table.lookups.count, form) }
    }

    func gridLane(_ form: IntervalForm, _ garbage: Garbage) -> GridLane {
        make(&grid, garbage) { GridLane(key: index, form.order) }
    }

    func lowerBoundLane(_ form: IntervalForm, _ garbage: Garbage) -> ThresholdLane {
        make(&lowerBounds, garbage) { ThresholdLane(key: index, .above, form) }
    }

    func upperBoundLane(_ form: IntervalForm, _ garbage: Garbage) -> ThresholdLane {
        make(&upperBounds, garbage) { ThresholdLane(key: index, .below, form) }
    }

    func prefixLane(_ form: TextForm, _ garbage: Garbage) -> AffixLane {
        make(&prefixes, garbage) { AffixLane(key: index, .start, form) }
    }

    func suffixLane(_ form: TextForm, _ garbage: Garbage) -> AffixLane {
        make(&suffixes, garbage) { AffixLane(key: index, .end, form) }
    }

    func patternLane(_ form: TextForm, _ garbage: Garbage) -> PatternLane {
        make(&patterns, garbage) { PatternLane(key: index, form) }
    }

    func nilLane(_ condition: Condition, _ garbage: Garbage) -> NilLane {
        make(&nils, garbage) { NilLane(key: index, condition) }
    }

    private func make<Made: Lane>(_ lane: inout Made?, _ garbage: Garbage, _ new: () -> Made) -> Made {
        if let lane { return lane }
        let new = new()
        lane = new
        table.publish(new, garbage)
        return new
    }
}

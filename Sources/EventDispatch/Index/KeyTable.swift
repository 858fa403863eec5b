/// The lanes of one key of one type of event; each is made when the first handler needs it.
///
/// To index another kind of condition, give it a form in `IndexForm`, write its lane, and add it here and in
/// the extension below; where looking it up can stand in for asking it, in `CheckCompiler` too.
final class KeyTable {
    let reader: KeyReader
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
    private weak var latestSet: Condition?

    init(_ reader: KeyReader, index: Int, of table: EventTable) {
        self.reader = reader
        self.index = index
        self.table = table
    }

    func valueLane(_ form: MemberForm, _ write: TableWrite) -> ValueLane {
        make(&values, write) { ValueLane(key: index, lookup: table.lookups.count, form) }
    }

    func objectLane(_ form: MemberForm, _ write: TableWrite) -> ValueLane {
        make(&objects, write) { ValueLane(key: index, lookup: table.lookups.count, form) }
    }

    func elementLane(_ form: ElementForm, _ write: TableWrite) -> ElementLane {
        make(&elements, write) { ElementLane(key: index, lookup: table.lookups.count, form) }
    }

    func gridLane(_ form: IntervalForm, _ write: TableWrite) -> GridLane {
        make(&grid, write) { GridLane(key: index, form.order) }
    }

    func lowerBoundLane(_ form: IntervalForm, _ write: TableWrite) -> ThresholdLane {
        make(&lowerBounds, write) { ThresholdLane(key: index, .above, form) }
    }

    func upperBoundLane(_ form: IntervalForm, _ write: TableWrite) -> ThresholdLane {
        make(&upperBounds, write) { ThresholdLane(key: index, .below, form) }
    }

    func prefixLane(_ form: TextForm, _ write: TableWrite) -> AffixLane {
        make(&prefixes, write) { AffixLane(key: index, .start, form) }
    }

    func suffixLane(_ form: TextForm, _ write: TableWrite) -> AffixLane {
        make(&suffixes, write) { AffixLane(key: index, .end, form) }
    }

    func patternLane(_ form: TextForm, _ write: TableWrite) -> PatternLane {
        make(&patterns, write) { PatternLane(key: index, form) }
    }

    func nilLane(_ condition: Condition, _ write: TableWrite) -> NilLane {
        make(&nils, write) { NilLane(key: index, condition) }
    }

    private func make<Made: Lane>(_ lane: inout Made?, _ write: TableWrite, _ new: () -> Made) -> Made {
        if let lane { return lane }
        let new = new()
        lane = new
        table.publish(new, write)
        return new
    }
}

// Where each kind of condition is filed, and about how many handlers an event then finds with it.

extension KeyTable {
    /// About how many handlers an event finds in the places of a condition of a form; nil for one that can't be indexed. Where there are
    /// none yet, kinds that are found faster come first.
    func cost(of form: IndexForm.Content) -> Int? {
        switch form {
        case .none: nil
        case .values(let form): 8 * mentions(of: form, in: values) + 8 * (form.count - 1)
        case .object(let form): 8 * mentions(of: form, in: objects) + 1
        case .element(let form): 8 * mentions(of: form.element, in: elements) + 2
        case .text(let form): cost(of: form)
        case .interval(let form): cost(of: form)
        case .isNil: 8 * (nils?.count ?? 0) + 6
        }
    }

    /// Notes a condition that names several values, so that the next one that names the same stands in for it.
    func noteSet(_ condition: Condition, _ write: TableWrite) {
        if let latestSet { write.replace(condition, by: latestSet) }
        if !write.hasSubstitute(for: condition) { latestSet = condition }
    }

    private func mentions(of form: MemberForm, in lane: LookupLane?) -> Int {
        guard let lane else { return 0 }
        var sum = 0
        form.forEach { sum += lane.mentions(of: $0) }
        return sum
    }

    private func cost(of form: TextForm) -> Int? {
        switch form.shape {
        case .prefix(let text): 8 * (prefixes?.estimate(text) ?? 0) + 3
        case .suffix(let text): 8 * (suffixes?.estimate(text) ?? 0) + 3
        case .pattern(let pattern):
            pattern.tokens.count > PatternShape.maximumTokens ? nil : 8 * (patterns?.estimate(pattern) ?? 0) + 5
        }
    }

    private func cost(of form: IntervalForm) -> Int? {
        switch form.place {
        case .ranks(let ranks): 8 * (grid?.estimate(ranks) ?? 0) + 4
        case .above: 4 * (lowerBounds?.count ?? 0) + 6
        case .below: 4 * (upperBounds?.count ?? 0) + 6
        case nil: nil
        }
    }

    /// Whether an event that finds a handler by a condition of a form fulfils the condition.
    func isExact(_ form: IndexForm.Content) -> Bool {
        guard case .interval(let form) = form, GridLane.ranks(of: form) == nil else {
            return true
        }
        return form.lower == nil || form.upper == nil
    }

    /// Files a handler under a condition of a form.
    func file(
        _ handler: RegisteredHandler,
        under condition: Condition,
        _ form: IndexForm.Content,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) {
        switch form {
        case .none: preconditionFailure("nothing is filed under what can't be indexed")
        case .values(let form): file(handler, form, of: condition, in: valueLane(form, write), terms, write)
        case .object(let form): file(handler, form, of: condition, in: objectLane(form, write), terms, write)
        case .element(let form):
            file(handler, form.element, of: condition, in: elementLane(form, write), terms, write)
        case .text(let form): file(handler, form, terms, write)
        case .interval(let form): file(handler, form, terms, write)
        case .isNil:
            let lane = nilLane(condition, write)
            lane.file(handler, terms, write)
            handler.filings.append(Filing(lane))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: MemberForm,
        of condition: Condition,
        in lane: LookupLane,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) {
        if form.count > 1 { noteSet(condition, write) }
        form.forEach { value in
            let named = form.count == 1 ? condition : nil
            handler.filings.append(Filing(lane, lane.file(handler, value, of: named, terms, write)))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: TextForm,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) {
        switch form.shape {
        case .prefix(let text):
            let lane = prefixLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, text, terms, write)))
        case .suffix(let text):
            let lane = suffixLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, text, terms, write)))
        case .pattern(let pattern):
            let lane = patternLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, pattern, terms, write)))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: IntervalForm,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) {
        switch form.place {
        case .ranks(let ranks):
            let lane = gridLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, ranks, terms, write)))
        case .above(let bound):
            let lane = lowerBoundLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, bound, terms, write)))
        case .below(let bound):
            let lane = upperBoundLane(form, write)
            handler.filings.append(Filing(lane, lane.file(handler, bound, terms, write)))
        case nil: preconditionFailure("nothing is filed under what can't be indexed")
        }
    }
}

extension IntervalForm {
    /// Where an interval is filed.
    fileprivate enum Place {
        case ranks(ClosedRange<UInt64>)
        case above(Bound)
        case below(Bound)
    }

    /// By its ranks, otherwise by an end that is ordered; nil where there is none.
    fileprivate var place: Place? {
        if let ranks = GridLane.ranks(of: self) { return .ranks(ranks) }
        if let lower, lower.withValue(order.isOrdered) { return .above(lower) }
        if let upper, upper.withValue(order.isOrdered) { return .below(upper) }
        return nil
    }
}

/// Where a handler is filed, so that it can be taken out again.
struct Filing {
    let place: UnsafeMutableRawPointer
    /// The number of the lane in its table: shorter than a reference.
    let lane: UInt32

    /// Without a place, for a lane that is one place as a whole.
    init(_ lane: Lane, _ place: UnsafeMutableRawPointer? = nil) {
        self.place = place ?? Unmanaged.passUnretained(lane).toOpaque()
        self.lane = lane.number
    }
}

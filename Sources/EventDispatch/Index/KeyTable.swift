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

// What a kind of condition is filed under, and about how many handlers an event then finds with it.

extension KeyTable {
    /// About how many handlers an event finds in the places of a condition; nil for one that can't be indexed. Where there are
    /// none yet, kinds that are found faster come first.
    func cost(of condition: Condition) -> Int? {
        switch condition.indexForm.content {
        case .none: nil
        case .values(let form): 8 * mentions(of: form, in: values) + 8 * (form.count - 1)
        case .object(let form): 8 * mentions(of: form, in: objects) + 1
        case .element(let form): 8 * mentions(of: form.element, in: elements) + 2
        case .text(let form): cost(of: form)
        case .interval(let form): cost(of: form)
        case .isNil: 8 * (nils?.count ?? 0) + 6
        }
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
        if let ranks = GridLane.ranks(of: form) { return 8 * (grid?.estimate(ranks) ?? 0) + 4 }
        if form.lower != nil { return 4 * (lowerBounds?.count ?? 0) + 6 }
        return form.upper == nil ? nil : 4 * (upperBounds?.count ?? 0) + 6
    }

    /// Whether an event that finds a handler by a condition fulfils the condition.
    func isExact(_ condition: Condition) -> Bool {
        guard case .interval(let form) = condition.indexForm.content, GridLane.ranks(of: form) == nil else {
            return true
        }
        switch (form.lower, form.upper) {
        case (let lower?, nil): return lowerBounds?.hasPlace(for: lower) ?? lower.withValue(form.order.isOrdered)
        case (nil, let upper?): return upperBounds?.hasPlace(for: upper) ?? upper.withValue(form.order.isOrdered)
        case (nil, nil), (_?, _?): return false
        }
    }

    /// Files a handler under a condition.
    func file(
        _ handler: RegisteredHandler,
        under condition: Condition,
        _ terms: PostingTerms,
        _ garbage: Garbage
    ) {
        switch condition.indexForm.content {
        case .none: preconditionFailure("nothing is filed under what can't be indexed")
        case .values(let form): file(handler, form, of: condition, in: valueLane(form, garbage), terms, garbage)
        case .object(let form): file(handler, form, of: condition, in: objectLane(form, garbage), terms, garbage)
        case .element(let form):
            file(handler, form.element, of: condition, in: elementLane(form, garbage), terms, garbage)
        case .text(let form): file(handler, form, terms, garbage)
        case .interval(let form): file(handler, form, terms, garbage)
        case .isNil:
            let lane = nilLane(condition, garbage)
            lane.file(handler, terms, garbage)
            handler.filings.append(Filing(lane))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: MemberForm,
        of condition: Condition,
        in lane: LookupLane,
        _ terms: PostingTerms,
        _ garbage: Garbage
    ) {
        form.forEach { value in
            let named = form.count == 1 ? condition : nil
            handler.filings.append(Filing(lane, lane.file(handler, value, of: named, terms, garbage)))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: TextForm,
        _ terms: PostingTerms,
        _ garbage: Garbage
    ) {
        switch form.shape {
        case .prefix(let text):
            let lane = prefixLane(form, garbage)
            handler.filings.append(Filing(lane, lane.file(handler, text, terms, garbage)))
        case .suffix(let text):
            let lane = suffixLane(form, garbage)
            handler.filings.append(Filing(lane, lane.file(handler, text, terms, garbage)))
        case .pattern(let pattern):
            let lane = patternLane(form, garbage)
            handler.filings.append(Filing(lane, lane.file(handler, pattern, terms, garbage)))
        }
    }

    private func file(
        _ handler: RegisteredHandler,
        _ form: IntervalForm,
        _ terms: PostingTerms,
        _ garbage: Garbage
    ) {
        if let ranks = GridLane.ranks(of: form) {
            let lane = gridLane(form, garbage)
            lane.file(handler, ranks, terms, garbage) { handler.filings.append(Filing(lane, $0)) }
        } else if let lower = form.lower {
            let lane = lowerBoundLane(form, garbage)
            handler.filings.append(Filing(lane, lane.file(handler, lower, terms, garbage)))
        } else if let upper = form.upper {
            let lane = upperBoundLane(form, garbage)
            handler.filings.append(Filing(lane, lane.file(handler, upper, terms, garbage)))
        }
    }
}

/// Where a handler is filed, so that it can be taken out again.
struct Filing {
    private let lane: Unmanaged<Lane>
    private let place: UnsafeMutableRawPointer

    /// Without a place, for a lane that is one place as a whole.
    init(_ lane: Lane, _ place: UnsafeMutableRawPointer? = nil) {
        self.lane = .passUnretained(lane)
        self.place = place ?? self.lane.toOpaque()
    }

    /// Takes a handler out.
    func remove(_ registration: UInt64, _ garbage: Garbage) {
        lane._withUnsafeGuaranteedRef { $0.remove(registration, from: place, garbage) }
    }
}

import Synchronization

/// The handlers of one type of event, filed so that an event finds those that it matches by one lookup for each key that filters
/// are filed under, whatever their number.
///
/// One writer, under the registry's lock, inserts and removes; any number of fires collect meanwhile.
final class EventTable: @unchecked Sendable {
    // Sound: fires read what is published atomically; the rest belongs to the writer.

    let event: any MatchableEvent.Type

    /// The keys that filters name; a key's index is its place here.
    let keys = PublishedArray<Unmanaged<KeyReader>>()
    /// The lanes that look values up; a lookup's index is its place here.
    let lookups = PublishedArray<Unmanaged<LookupLane>>()
    private let lanes = PublishedArray<Unmanaged<Lane>>()
    /// Handlers without a filter.
    private let unfiltered = ListLane()
    /// Handlers whose filters have nothing that could be indexed.
    private let scanned = ListLane()

    private(set) var keyTables: [KeyTable] = []
    private var keyIndices: [ObjectIdentifier: Int] = [:]
    /// All lanes; a lane's number is its place here.
    private var ownedLanes: [Lane]
    /// The programs that handlers share.
    private var programs: [[Check]: CheckProgram] = [:]
    private var chain = HandlerChain(.table)

    /// The most checks that the places of one handler have together; past it, its filter is asked as a whole.
    private static let largestPlan = 4_096

    init(_ event: any MatchableEvent.Type) {
        self.event = event
        ownedLanes = [unfiltered, scanned]
        scanned.number = 1
    }
}

// MARK: - Fires

extension EventTable {
    /// Finds the handlers that an event matches. Calls users' `==`, `hash`, `<` and closures.
    func collect(into reading: inout EventReading) {
        if !unfiltered.isEmpty { unfiltered.collect(into: &reading) }
        for lane in lanes.elements {
            lane._withUnsafeGuaranteedRef { lane in
                if !lane.isEmpty, !reading.isNew(key: lane.key) { lane.collect(into: &reading) }
            }
        }
        if !scanned.isEmpty { scanned.collect(into: &reading) }
    }
}

// MARK: - The writer

extension EventTable {
    /// Files a handler, newer than all that are there. Calls users' `==` and `hash`.
    func insert(_ handler: RegisteredHandler, _ write: TableWrite) {
        chain.append(handler)
        handler.isRegistered = true
        _ = Unmanaged.passRetained(handler)
        guard let filter = handler.filter else { return file(handler, in: unfiltered, nil, write) }
        file(handler, by: filter, write)
        handler.filter = write.sharing(filter)
    }

    private func file(_ handler: RegisteredHandler, by filter: FilterNode, _ write: TableWrite) {
        let planner = AccessPlanner { [self] in keyTable($0.key.reader, write).cost(of: $1) }
        let whole = AccessPlanner.Conjuncts([FilterTerm(filter)])
        guard var accesses = planner.accesses(to: filter) else {
            return file(handler, in: scanned, program([whole], of: handler, write), write)
        }
        if accesses.reduce(0, { $0 + $1.rest.count }) > Self.largestPlan {
            for index in accesses.indices { accesses[index].rest = [whole] }
        }
        var shared: (rest: AccessPlanner.Conjuncts, program: CheckProgram?)?
        for access in accesses {
            let keyTable = keyTable(access.condition.key.reader, write)
            var rest = access.rest
            if !keyTable.isExact(access.form) {
                rest.append(AccessPlanner.Conjuncts([FilterTerm(.condition(access.condition))]))
            }
            let checks: CheckProgram?
            if rest.count == 1, let shared, shared.rest === rest[0] {
                checks = shared.program
            } else {
                checks = program(rest, of: handler, write)
                if rest.count == 1 { shared = (rest[0], checks) }
            }
            keyTable.file(handler, under: access.condition, access.form, FilingTerms(handler, checks), write)
        }
    }

    /// Takes a handler out.
    func remove(_ handler: RegisteredHandler, _ write: TableWrite) {
        let registration = handler.order.registration
        handler.filings.forEach { ownedLanes[Int($0.lane)].remove(registration, from: $0.place, write) }
        handler.programs.forEach { program in
            if program.isShareable {
                program.users -= 1
                if program.users == 0 { programs[program.checks] = nil }
            }
            program.forEachNode { lookup, node in
                lookups[lookup]._withUnsafeGuaranteedRef { $0.unmention(node, write) }
            }
        }
        handler.filings = .none
        handler.isRegistered = false
        chain.remove(handler)
        write.append(.object(Unmanaged.passUnretained(handler).takeRetainedValue()))
    }

    /// The program that handlers with the same checks have, which may be this one.
    private func share(_ program: CheckProgram, under checks: [Check]) -> CheckProgram {
        let shared = programs[checks, default: program]
        if shared === program { programs[checks] = program }
        shared.users += 1
        return shared
    }

    /// The handlers, in the order of their registration.
    var handlers: [RegisteredHandler] { chain.handlers }

    /// Whether one of the handlers satisfies a condition; the newest is asked first.
    func contains(where isSuch: (RegisteredHandler) -> Bool) -> Bool { chain.contains(where: isSuch) }

    /// The handlers that every event is tried on because nothing of their filters could be indexed.
    var scannedHandlers: [RegisteredHandler] { scanned.handlers }

    /// Lets go of all handlers, when the dispatcher goes.
    func forgetHandlers() {
        while let handler = chain.first {
            chain.remove(handler)
            handler.forgetSubscription()
            Unmanaged.passUnretained(handler).release()
        }
    }

    /// How much memory the tables take, in bytes: what handlers are filed in and what they share, not the handlers.
    var byteCount: Int {
        ownedLanes.reduce(0) { $0 + $1.byteCount }
            + programs.reduce(0) { $0 + 2 * $1.key.count * MemoryLayout<Check>.stride }
    }

    /// Makes a lane known to fires.
    func publish(_ lane: Lane, _ write: TableWrite) {
        lane.number = UInt32(ownedLanes.count)
        ownedLanes.append(lane)
        if let lane = lane as? LookupLane { lookups.append(.passUnretained(lane), write) }
        lanes.append(.passUnretained(lane), write)
    }

    private func keyTable(_ key: KeyReader, _ write: TableWrite) -> KeyTable {
        if let index = keyIndices[ObjectIdentifier(key)] { return keyTables[index] }
        let table = KeyTable(key, index: keyTables.count, of: self)
        keyIndices[ObjectIdentifier(key)] = keyTables.count
        keyTables.append(table)
        keys.append(.passUnretained(key), write)
        return table
    }

    private func file(_ handler: RegisteredHandler, in lane: ListLane, _ checks: CheckProgram?, _ write: TableWrite) {
        lane.file(handler, FilingTerms(handler, checks), write)
        handler.filings.append(Filing(lane))
    }

    private func program(
        _ conjuncts: [AccessPlanner.Conjuncts],
        of handler: RegisteredHandler,
        _ write: TableWrite
    ) -> CheckProgram? {
        let compiler = CheckCompiler(write) { [self] in keyTable($0, write) }
        guard var program = compiler.program(conjuncts) else { return nil }
        if program.isShareable {
            program = share(program, under: program.checks)
        }
        handler.programs.append(program)
        return program
    }
}

/// The tables of all types of event, which fires look up while one writer adds to them.
///
/// A table stays as long as its dispatcher, also when its last handler is gone.
struct TableDirectory: ~Copyable {
    private struct Slot: ~Copyable {
        let type = Atomic<UInt>(0)
        let table = Atomic<UnsafeRawPointer?>(nil)
    }

    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)
    private static var headerSize: Int { 16 }

    deinit {
        for table in tables { Unmanaged.passUnretained(table).release() }
        storage.load(ordering: .relaxed)?.deallocate()
    }

    /// The table of a type of event.
    @inline(__always)
    func table(of event: any MatchableEvent.Type) -> Unmanaged<EventTable>? {
        guard let memory = storage.load(ordering: .acquiring) else { return nil }
        let capacity = memory.load(as: Int.self)
        let type = UInt(bitPattern: ObjectIdentifier(event))
        var index = Self.index(of: type, capacity)
        while true {
            let slot = Self.slot(index, in: memory)
            guard let table = slot.pointee.table.load(ordering: .acquiring) else { return nil }
            if slot.pointee.type.load(ordering: .relaxed) == type { return Unmanaged.fromOpaque(table) }
            index = (index &+ 1) & (capacity &- 1)
        }
    }

    /// Adds a table; for the writer.
    func add(_ table: EventTable, _ write: TableWrite) {
        let tables = tables
        let old = storage.load(ordering: .relaxed)
        if let old, tables.count * 2 < old.load(as: Int.self) {
            Self.put(Unmanaged.passRetained(table), into: old)
            return
        }
        let capacity = max(8, (old?.load(as: Int.self) ?? 0) * 2)
        let size = Self.headerSize + capacity * MemoryLayout<Slot>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        memory.storeBytes(of: capacity, as: Int.self)
        let slots = (memory + Self.headerSize).bindMemory(to: Slot.self, capacity: capacity)
        for index in 0..<capacity { (slots + index).initialize(to: Slot()) }
        for table in tables { Self.put(.passUnretained(table), into: memory) }
        Self.put(.passRetained(table), into: memory)
        storage.store(memory, ordering: .releasing)
        if let old { write.append(.memory(old)) }
    }

    /// All tables; for the writer.
    var tables: [EventTable] {
        guard let memory = storage.load(ordering: .acquiring) else { return [] }
        return (0..<memory.load(as: Int.self)).compactMap { index in
            Self.slot(index, in: memory).pointee.table.load(ordering: .relaxed).map {
                Unmanaged<EventTable>.fromOpaque($0).takeUnretainedValue()
            }
        }
    }

    private static func put(_ table: Unmanaged<EventTable>, into memory: UnsafeMutableRawPointer) {
        let capacity = memory.load(as: Int.self)
        let type = UInt(bitPattern: ObjectIdentifier(table._withUnsafeGuaranteedRef { $0.event }))
        var index = index(of: type, capacity)
        while slot(index, in: memory).pointee.table.load(ordering: .relaxed) != nil {
            index = (index &+ 1) & (capacity &- 1)
        }
        slot(index, in: memory).pointee.type.store(type, ordering: .relaxed)
        slot(index, in: memory).pointee.table.store(UnsafeRawPointer(table.toOpaque()), ordering: .releasing)
    }

    /// Metadata lies at multiples of eight or more.
    @inline(__always)
    private static func index(of type: UInt, _ capacity: Int) -> Int {
        Int(bitPattern: type >> 4 ^ type >> 12) & (capacity &- 1)
    }

    @inline(__always)
    private static func slot(_ index: Int, in memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Slot> {
        (memory + headerSize).assumingMemoryBound(to: Slot.self) + index
    }
}

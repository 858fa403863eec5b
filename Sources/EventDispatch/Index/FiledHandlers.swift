import CEventDispatch
import Synchronization

/// A handler, filed where an event that it may match finds it.
struct FiledHandler<Terms: FilingConditions>: ~Copyable {
    /// Nil once the handler is removed.
    private let handler: Atomic<UnsafeMutableRawPointer?>
    let terms: Terms

    init(_ handler: Unmanaged<RegisteredHandler>?, _ terms: Terms) {
        self.handler = Atomic(handler?.toOpaque())
        self.terms = terms
    }

    /// The handler; nil once it is removed.
    @inline(__always)
    var live: Unmanaged<RegisteredHandler>? {
        handler.load(ordering: .acquiring).map { Unmanaged.fromOpaque($0) }
    }

    func remove() { handler.store(nil, ordering: .releasing) }
}

/// The checks that are left for a handler that an event found.
protocol FilingConditions: BitwiseCopyable {
    /// The handler's registration: filed handlers that are newer than a fire are not for it.
    var registration: UInt64 { get }

    /// Those of no handler.
    static var none: Self { get }
}

/// The checks of a handler that an event found.
struct FilingTerms: FilingConditions {
    let registration: UInt64
    /// The first of them; nil without any.
    let checks: UnsafePointer<Check>?

    init(_ handler: RegisteredHandler, _ program: CheckProgram?) {
        registration = handler.order.registration
        checks = program?.start
    }

    private init() { (registration, checks) = (.max, nil) }

    static var none: FilingTerms { FilingTerms() }
}

/// The interval and the checks of a handler that an event found.
struct RangedTerms: FilingConditions {
    let terms: FilingTerms
    /// The ranks of the ends of the interval, both in it.
    let lower: UInt64
    let upper: UInt64

    var registration: UInt64 { terms.registration }

    static var none: RangedTerms { RangedTerms(terms: .none, lower: .max, upper: 0) }
}

/// The handlers that are filed in one place, in the order of their registration.
///
/// One writer changes it while any number of fires go through it: a filed handler is added behind the others and removed by a mark.
/// When there is no room, or most are marked, those that are left move to new memory; so a change takes constant time on
/// average.
///
/// The first handler can stand in the place itself, as most are alone there: a fire then needs no look at other memory. It is there from
/// the beginning, before fires can see the place, and its room is not used again.
struct FiledHandlers<Terms: FilingConditions>: ~Copyable {
    private typealias Header = FiledHandlersHeader
    private typealias Element = FiledHandler<Terms>

    private let first: Element
    private let storage = Atomic<UnsafeMutableRawPointer?>(nil)

    /// - Parameter filed: the first handler and its terms; nil for a place where none is filed yet.
    init(_ filed: (handler: RegisteredHandler, terms: Terms)? = nil) {
        first = Element(filed.map { .passUnretained($0.handler) }, filed?.terms ?? .none)
    }

    deinit { storage.load(ordering: .relaxed)?.deallocate() }

    /// How many handlers there are; for the writer.
    var count: Int {
        let count = first.live == nil ? 0 : 1
        guard let header else { return count }
        return count + header.pointee.count.load(ordering: .relaxed) - header.pointee.removedCount
    }

    /// How much memory it takes beside its own, in bytes; for the writer.
    var byteCount: Int {
        guard let header else { return 0 }
        return MemoryLayout<Header>.stride + Int(header.pointee.capacity) * MemoryLayout<Element>.stride
    }

    /// Has the first of those fetched that lie in other memory.
    @inline(__always)
    func prefetch() {
        guard let header else { return }
        ed_prefetch(header)
        ed_prefetch(UnsafeRawPointer(header) + 64)
    }

    /// Calls a closure with each filed handler.
    @inline(__always)
    func forEach(_ body: (borrowing FiledHandler<Terms>) -> Void) {
        body(first)
        guard let header else { return }
        let filedHandlers = Self.filedHandlers(of: header)
        for index in 0..<header.pointee.count.load(ordering: .acquiring) { body(filedHandlers[index]) }
    }

    /// Adds a handler, which is newer than all that are there.
    func append(_ handler: RegisteredHandler, _ terms: Terms, _ write: TableWrite) {
        let header = headerWithRoom(write)
        let count = header.pointee.count.load(ordering: .relaxed)
        (Self.filedHandlers(of: header) + count).initialize(to: Element(.passUnretained(handler), terms))
        header.pointee.count.store(count + 1, ordering: .releasing)
    }

    /// Removes a handler, as often as it is there. Returns whether that left the list empty; false when it was not there.
    @discardableResult
    func remove(_ registration: UInt64, _ write: TableWrite) -> Bool {
        let wasFirst = first.terms.registration == registration && first.live != nil
        if wasFirst { first.remove() }
        guard let header else { return wasFirst }
        let filedHandlers = Self.filedHandlers(of: header)
        let count = header.pointee.count.load(ordering: .relaxed)
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if filedHandlers[middle].terms.registration < registration { low = middle + 1 } else { high = middle }
        }
        while low < count, filedHandlers[low].terms.registration == registration {
            if filedHandlers[low].live != nil {
                filedHandlers[low].remove()
                header.pointee.removed.wrappingAdd(1, ordering: .relaxed)
            }
            low += 1
        }
        let left = count - header.pointee.removedCount
        if left == 0 {
            storage.store(nil, ordering: .releasing)
            write.append(.memory(UnsafeMutableRawPointer(header)))
        } else if left < count / 2, count > 8 {
            _ = move(to: left, write)
        }
        return left == 0 && first.live == nil
    }

    private var header: UnsafeMutablePointer<Header>? {
        @inline(__always) get {
            storage.load(ordering: .acquiring)?.assumingMemoryBound(to: Header.self)
        }
    }

    private static func filedHandlers(of header: UnsafeMutablePointer<Header>) -> UnsafeMutablePointer<Element> {
        (UnsafeMutableRawPointer(header) + MemoryLayout<Header>.stride).assumingMemoryBound(to: Element.self)
    }

    private func headerWithRoom(_ write: TableWrite) -> UnsafeMutablePointer<Header> {
        guard let header else { return move(to: 1, write) }
        let count = header.pointee.count.load(ordering: .relaxed)
        if count < Int(header.pointee.capacity) { return header }
        return move(to: max(2, (count - header.pointee.removedCount) * 3 / 2 + 1), write)
    }

    /// Moves what is left to memory of another capacity.
    private func move(to capacity: Int, _ write: TableWrite) -> UnsafeMutablePointer<Header> {
        let byteCount = MemoryLayout<Header>.stride + capacity * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
        let new = memory.bindMemory(to: Header.self, capacity: 1)
        let target = (memory + MemoryLayout<Header>.stride).bindMemory(to: Element.self, capacity: capacity)
        var moved = 0
        if let header {
            let source = Self.filedHandlers(of: header)
            for index in 0..<header.pointee.count.load(ordering: .relaxed) {
                guard let handler = source[index].live else { continue }
                (target + moved).initialize(to: Element(handler, source[index].terms))
                moved += 1
            }
            write.append(.memory(UnsafeMutableRawPointer(header)))
        }
        new.initialize(to: Header(count: moved, capacity: capacity))
        storage.store(memory, ordering: .releasing)
        return new
    }
}

/// The head of a list in memory, before its handlers.
struct FiledHandlersHeader: ~Copyable {
    let count: Atomic<Int>
    let capacity: Int32
    /// For the writer, and atomic all the same: to change a plain member is an exclusive access to the whole header, which fires
    /// read meanwhile.
    let removed = Atomic<Int32>(0)

    init(count: Int, capacity: Int) {
        self.count = Atomic(count)
        self.capacity = Int32(capacity)
    }

    var removedCount: Int { Int(removed.load(ordering: .relaxed)) }
}

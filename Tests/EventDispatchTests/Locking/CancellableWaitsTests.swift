import EventDispatch
import Testing

/// The list of those who wait, from which all that can be cancelled is made.
@Suite(.timeLimit(.minutes(10))) struct CancellableWaitsTests {
    private var waits = CancellableWaits<String>()

    @Test mutating func `waiters are taken in the order in which they came`() {
        let (first, second, third) = (waits.begin(), waits.begin(), waits.begin())
        #expect(waits.add("b", to: second) == true)
        #expect(waits.add("a", to: first) == true)
        #expect(waits.add("c", to: third) == true)
        #expect(waits.waiters == ["b", "a", "c"])
        #expect(waits.popFirst() == "b")
        #expect(waits.removeAll() == ["a", "c"])
        #expect(waits.isEmpty)
    }

    @Test mutating func `a wait that was cancelled before it began is over`() {
        let id = waits.begin()
        #expect(waits.cancel(id) == nil)
        #expect(waits.cancel(id) == nil)
        #expect(waits.isCancelled(id))
        #expect(waits.add("a", to: id) == false)
        #expect(!waits.isCancelled(id))
        #expect(waits.isEmpty)
    }

    @Test mutating func `only one takes a waiter out`() {
        let (first, second) = (waits.begin(), waits.begin())
        #expect(waits.add("a", to: first) == true)
        #expect(waits.add("b", to: second) == true)
        #expect(waits.cancel(first) == "a")
        #expect(waits.cancel(first) == nil)
        #expect(!waits.isCancelled(first))
        #expect(waits.popFirst() == "b")
        #expect(waits.end(second) == nil)
        #expect(waits.popFirst() == nil)
    }

    @Test mutating func `a condition takes those that it names`() {
        for name in ["a", "bb", "c", "dd"] {
            let id = waits.begin()
            #expect(waits.add(name, to: id) == true)
        }
        #expect(waits.removeAll { $0.count == 2 } == ["bb", "dd"])
        #expect(waits.waiters == ["a", "c"])
        #expect(waits.count == 2)
    }

    @Test mutating func `many that are cancelled leave the others in order`() {
        var ids: [Int] = []
        for number in 0..<1_000 {
            let id = waits.begin()
            #expect(waits.add("\(number)", to: id) == true)
            ids.append(id)
        }
        for (number, id) in ids.enumerated() where number % 100 != 0 { #expect(waits.cancel(id) == "\(number)") }
        #expect(waits.count == 10)
        #expect(waits.removeAll() == (0..<10).map { "\($0 * 100)" })
    }
}

import Synchronization

/// A long list of objects that one writer changes while any number of fires read it. It holds no references.
///
/// It lies in memory in pieces, so that to add one takes about as long however many there are.
struct PublishedList<Element: AnyObject>: ~Copyable {
    private typealias Place = Atomic<UnsafeMutableRawPointer?>

    private static var pieceSize: Int { 512 }

    private let pieces = PublishedArray<UnsafeMutableRawPointer>()
    private let filled = Atomic(0)

    deinit { for piece in pieces.elements { piece.deallocate() } }

    /// How many there are.
    var count: Int { filled.load(ordering: .acquiring) }

    /// An object; nil where one was removed meanwhile.
    func object(at index: Int) -> Unmanaged<Element>? {
        let pieces = pieces.elements
        let piece = index / Self.pieceSize
        guard piece < pieces.count else { return nil }
        return Self.places(in: pieces[piece])[index % Self.pieceSize].load(ordering: .acquiring)
            .map { Unmanaged.fromOpaque($0) }
    }

    /// Adds an object at the end.
    func append(_ object: Element, _ write: TableWrite) {
        let index = count
        if index == pieces.count * Self.pieceSize {
            let byteCount = Self.pieceSize * MemoryLayout<Place>.stride
            let piece = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
            let places = piece.bindMemory(to: Place.self, capacity: Self.pieceSize)
            for place in 0..<Self.pieceSize { (places + place).initialize(to: Place(nil)) }
            pieces.append(piece, write)
        }
        put(object, at: index)
        filled.store(index + 1, ordering: .releasing)
    }

    /// Puts an object in the place of another.
    func put(_ object: Element?, at index: Int) {
        Self.places(in: pieces[index / Self.pieceSize])[index % Self.pieceSize]
            .store(object.map { Unmanaged.passUnretained($0).toOpaque() }, ordering: .releasing)
    }

    /// Removes the last object.
    func removeLast(_ write: TableWrite) {
        let index = count - 1
        put(nil, at: index)
        filled.store(index, ordering: .releasing)
        let pieces = Array(pieces.elements)
        guard let last = pieces.last, index <= (pieces.count - 2) * Self.pieceSize else { return }
        self.pieces.replace(with: pieces.dropLast(), write)
        write.append(.memory(last))
    }

    private static func places(in piece: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Place> {
        piece.assumingMemoryBound(to: Place.self)
    }
}

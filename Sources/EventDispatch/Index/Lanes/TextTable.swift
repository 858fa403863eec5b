/// Handlers by texts, which are filed by their shape and a hash: an event asks once for each shape in use.
final class TextTable<Shape: BitwiseCopyable & Comparable, Text: Equatable> {
    private struct Entry {
        let shape: Shape
        /// The text as the filter has it.
        let text: Text
    }

    private let layout = ValueLayout(Entry.self)
    private let nodes = NodeTable<FilingTerms>()
    /// The shapes in use, in order; for fires.
    let shapes = PublishedArray<Shape>()
    private var textsByShape: [(shape: Shape, count: Int)] = []

    deinit {
        nodes.forEach { ValueNode.free($0, layout) }
    }

    /// Whether there is nothing in the table.
    var isEmpty: Bool { shapes.count == 0 }

    /// How many texts there are; for the writer.
    var count: Int { nodes.count }

    /// The node of the text with a shape and a hash that a closure says to be the right one.
    @inline(__always)
    func find(_ shape: Shape, _ hash: Int, where isRight: (Text) -> Bool) -> UnsafeMutablePointer<ValueNode>? {
        nodes.find(hash: { hash }) { node in
            let entry = Self.entry(of: node)
            return entry.pointee.shape == shape && isRight(entry.pointee.text)
        }
    }

    /// How many handlers are filed under a text.
    func count(of text: Text, _ shape: Shape, _ hash: Int) -> Int {
        find(shape, hash) { $0 == text }?.pointee.filedHandlers.count ?? 0
    }

    /// How much memory it takes, in bytes, longer texts excepted.
    var byteCount: Int { nodes.byteCount(layout) }

    /// Files a handler under a text, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ terms: FilingTerms,
        under text: Text,
        _ shape: Shape,
        _ hash: Int,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        if let node = find(shape, hash, where: { $0 == text }) {
            node.pointee.filedHandlers.append(handler, terms, write)
            return UnsafeMutableRawPointer(node)
        }
        let entry = Entry(shape: shape, text: text)
        let node = withUnsafePointer(to: entry) { ValueNode.make(hash: hash, $0, layout, filing: (handler, terms)) }
        nodes.insert(node, write)
        noteText(of: shape, write)
        return UnsafeMutableRawPointer(node)
    }

    /// Takes out what was filed in a place.
    func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        let node = place.assumingMemoryBound(to: ValueNode.self)
        guard node.pointee.filedHandlers.remove(registration, write) else { return }
        let shape = Self.entry(of: node).pointee.shape
        nodes.remove(node, write)
        write.append(.node(node, layout))
        guard let index = textsByShape.firstIndex(where: { $0.shape == shape }) else { return }
        textsByShape[index].count -= 1
        if textsByShape[index].count == 0 {
            textsByShape.remove(at: index)
            shapes.replace(with: textsByShape.map(\.shape), write)
        }
    }

    private func noteText(of shape: Shape, _ write: TableWrite) {
        if let index = textsByShape.firstIndex(where: { $0.shape == shape }) {
            textsByShape[index].count += 1
        } else {
            let index = textsByShape.firstIndex { shape < $0.shape } ?? textsByShape.endIndex
            textsByShape.insert((shape, 1), at: index)
            shapes.replace(with: textsByShape.map(\.shape), write)
        }
    }

    /// The text that a place is for.
    static func text(in place: UnsafeMutableRawPointer) -> Text {
        entry(of: place.assumingMemoryBound(to: ValueNode.self)).pointee.text
    }

    private static func entry(of node: UnsafeMutablePointer<ValueNode>) -> UnsafeMutablePointer<Entry> {
        ValueNode.value(of: node, alignment: MemoryLayout<Entry>.alignment).assumingMemoryBound(to: Entry.self)
    }
}

/// A hash of bytes that can be asked for its value at any of them. It begins with the process's number, as ``TextHash`` does.
struct ByteHash {
    private var state = TextHash.seed

    @inline(__always)
    mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

    @inline(__always)
    var value: Int { state.spread }
}

extension UInt64 {
    /// A hash of the number: neighbours lie far apart, and every bit counts for the low ones.
    @inline(__always)
    var spread: Int {
        let product = self &* 0x9E37_79B9_7F4A_7C15
        return Int(bitPattern: UInt(product ^ product >> 32))
    }
}

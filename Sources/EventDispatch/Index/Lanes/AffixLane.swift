/// Handlers by a text that a key begins with, or ends with.
///
/// The texts are filed by hash and length, so that an event asks once for each length in use. `String.hasPrefix` compares
/// bytes where both strings are ASCII, and Characters by canonical equivalence otherwise; so ASCII texts are filed by their
/// bytes, and others by their Characters.
final class AffixLane: Lane {
    /// Which end of the key's text is looked at.
    enum End { case start, end }

    private let end: End
    private let text: (UnsafeRawPointer) -> String?
    /// ASCII texts, by their number of bytes.
    private let plain = TextTable<Int, String>()
    /// The others, by their number of Characters.
    private let foreign = TextTable<Int, String>()

    init(key: Int, _ end: End, _ form: TextForm) {
        self.end = end
        text = form.text
        super.init(key: key)
    }

    override func collect(into reading: inout EventReading) {
        guard let text = text(reading.value(of: key)) else { return }
        var contiguous = text
        let isPlain = contiguous.withUTF8 { bytes in
            guard text.isASCII else { return false }
            collectPlain(bytes, of: text, into: &reading)
            return true
        }
        if !isPlain { collectPlain(fromForeign: text, into: &reading) }
        if !foreign.isEmpty { collectForeign(text, into: &reading) }
    }

    /// Collects ASCII texts that an ASCII text begins or ends with.
    private func collectPlain(
        _ bytes: UnsafeBufferPointer<UInt8>,
        of text: String,
        into reading: inout EventReading
    ) {
        var hash = ByteHash()
        var length = 0
        for wanted in plain.shapes.elements {
            guard wanted <= bytes.count else { return }
            while length < wanted {
                hash.add(end == .start ? bytes[length] : bytes[bytes.count - 1 - length])
                length += 1
            }
            let start = end == .start ? 0 : bytes.count - length
            let node = plain.find(length, hash.value) { $0.utf8.elementsEqual(bytes[start..<start + length]) }
            guard let node else { continue }
            // Where a line break, which is one Character, is cut in two, `hasPrefix` decides.
            let cut = length == 0 ? 0 : bytes[end == .start ? length - 1 : start]
            if cut == 0x0A || cut == 0x0D {
                guard isAffix(String(decoding: bytes[start..<start + length], as: UTF8.self), of: text) else {
                    continue
                }
            }
            reading.take(node.pointee.filedHandlers)
        }
    }

    /// Collects ASCII texts that another text begins or ends with: as far as its Characters are equivalent to ASCII ones.
    private func collectPlain(fromForeign text: String, into reading: inout EventReading) {
        var hash = ByteHash()
        var length = 0
        var lengths = plain.shapes.elements[...]
        for character in inOrder(text) {
            guard !lengths.isEmpty, let bytes = Self.equivalentASCII(character) else { break }
            for byte in end == .start ? bytes : bytes.reversed() { hash.add(byte) }
            length += bytes.count
            lengths = lengths.drop { $0 < length }
            guard lengths.first == length else { continue }
            if let node = plain.find(length, hash.value, where: { isAffix($0, of: text) }) {
                reading.take(node.pointee.filedHandlers)
            }
        }
        if plain.shapes.elements.first == 0, let node = plain.find(0, ByteHash().value, where: \.isEmpty) {
            reading.take(node.pointee.filedHandlers)
        }
    }

    /// Collects texts other than ASCII.
    private func collectForeign(_ text: String, into reading: inout EventReading) {
        var hasher = Hasher()
        var length = 0
        var lengths = foreign.shapes.elements[...]
        for character in inOrder(text) {
            guard let wanted = lengths.first else { return }
            hasher.combine(character)
            length += 1
            guard length == wanted else { continue }
            lengths = lengths.dropFirst()
            if let node = foreign.find(length, hasher.finalize(), where: { isAffix($0, of: text) }) {
                reading.take(node.pointee.filedHandlers)
            }
        }
    }

    /// Files a handler under a text, and returns the place.
    func file(
        _ handler: RegisteredHandler,
        _ affix: String,
        _ terms: FilingTerms,
        _ write: TableWrite
    ) -> UnsafeMutableRawPointer {
        let (table, length, hash) = place(of: affix)
        noteFiling()
        return table.file(handler, terms, under: affix, length, hash, write)
    }

    override var byteCount: Int { plain.byteCount + foreign.byteCount }

    override func remove(_ registration: UInt64, from place: UnsafeMutableRawPointer, _ write: TableWrite) {
        let table = TextTable<Int, String>.text(in: place).isASCII ? plain : foreign
        table.remove(registration, from: place, write)
        noteRemoval()
    }

    /// How many handlers are filed under a text.
    func estimate(_ affix: String) -> Int {
        let (table, length, hash) = place(of: affix)
        return table.count(of: affix, length, hash)
    }

    override var name: String { end == .start ? "prefixes" : "suffixes" }

    override var valueCount: Int? { plain.count + foreign.count }

    private func place(of affix: String) -> (TextTable<Int, String>, length: Int, hash: Int) {
        if affix.isASCII {
            var hash = ByteHash()
            let bytes = Array(affix.utf8)
            for byte in end == .start ? bytes : bytes.reversed() { hash.add(byte) }
            return (plain, bytes.count, hash.value)
        }
        var hasher = Hasher()
        for character in inOrder(affix) { hasher.combine(character) }
        return (foreign, affix.count, hasher.finalize())
    }

    private func inOrder(_ text: String) -> AnySequence<Character> {
        end == .start ? AnySequence(text) : AnySequence(text.reversed())
    }

    private func isAffix(_ affix: String, of text: String) -> Bool {
        end == .start ? text.hasPrefix(affix) : text.hasSuffix(affix)
    }

    /// The bytes of the ASCII text that a Character is equivalent to; nil where there is none.
    private static func equivalentASCII(_ character: Character) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in character.unicodeScalars {
            guard let ascii = scalar.equivalentInASCII else { return nil }
            bytes.append(UInt8(ascii.value))
        }
        return bytes
    }
}

/// How the numbers of a record read as text.
enum RecordText {
    static func type(_ number: Int) -> String { "t" + String(number, digits: 2) }
    static func user(_ number: Int) -> String { "u" + String(number, digits: 7) }
    static func role(_ number: Int) -> String { "r\(number)" }
    static func namePrefix(table: Int, number: Int) -> String { "db.tb\(String(table, digits: 2)).\(number)." }
}

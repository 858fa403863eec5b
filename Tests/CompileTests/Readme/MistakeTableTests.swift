import Testing

/// Every row of the README's table "Mistakes that do not compile" is held by a case.
@Suite(.timeLimit(.minutes(10))) struct MistakeTableTests {
    @Test func `the table is found`() throws {
        #expect(try MistakeRow.all.count > 5)
    }

    @Test(arguments: try MistakeRow.all)
    func `a case holds the row`(row: MistakeRow) throws {
        #expect(
            try CaseFolder.failures.cases.contains(where: row.isHeld),
            "no case expects \(row.severity): \(row.message) at a line with \(row.code)"
        )
    }
}

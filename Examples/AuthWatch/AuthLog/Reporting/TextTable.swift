/// A table in columns: the first flush left, the others, which hold numbers, flush right.
struct TextTable {
    let header: [String]
    let rows: [[String]]
    let style: TerminalStyle

    private static let gap = "  "

    /// A line for the header, then one for each row, indented.
    var lines: [String] {
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return [style.dim(line(header, widths))] + rows.map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, cell in
            let padding = String(repeating: " ", count: cell.1 - cell.0.count)
            return column == 0 ? cell.0 + padding : padding + cell.0
        }
        return Self.gap + padded.joined(separator: Self.gap)
    }
}

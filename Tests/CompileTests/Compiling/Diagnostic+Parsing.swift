extension Diagnostic {
    /// Reads what the compiler prints: `path:line:column: error: message`, or `error: message` where there is no place.
    static func parse(_ output: String) -> [Diagnostic] {
        output.split(separator: "\n").compactMap(Diagnostic.init(printed:))
    }

    private init?(printed line: Substring) {
        if let match = line.wholeMatch(of: /(.+?):([0-9]+):[0-9]+: (error|warning): (.+)/),
            let number = Int(match.2), let severity = Severity(rawValue: String(match.3))
        {
            self.init(file: String(match.1), line: number, severity: severity, message: String(match.4))
        } else if let match = line.wholeMatch(of: /(?:<unknown>:0: )?(error|warning): (.+)/),
            let severity = Severity(rawValue: String(match.1))
        {
            self.init(file: nil, line: 0, severity: severity, message: String(match.2))
        } else {
            return nil
        }
    }
}

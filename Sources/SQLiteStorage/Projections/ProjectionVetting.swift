import EventModel

/// Checks projections on a database of their own before anything is done with them.
struct ProjectionVetting {
    /// A statement that was found to be allowed.
    struct Statement: Sendable {
        let sql: String
        /// The line where it begins, from 1.
        let line: Int
        /// What is bound to its parameters, in the order of their places.
        let parameters: [EventParameter]
    }

    /// A part with its statements.
    struct Part: Sendable {
        /// The types of events for which it runs; nil for the setup.
        let types: [EventFilter.TypePattern]?
        let statements: [Statement]
    }

    private let connection: VettingConnection
    private let limit: Duration
    private(set) var findings: [ProjectionFinding] = []
    private(set) var warnings: [ProjectionFinding] = []

    init(limit: Duration) throws(InvalidProjection) {
        self.limit = limit
        do throws(VettingConnection.Refusal) {
            connection = try VettingConnection()
        } catch {
            throw InvalidProjection([
                ProjectionFinding(file: nil, line: 1, message: error.message)
            ])
        }
    }

    /// Runs the setup and prepares everything else.
    ///
    /// - Parameter text: A projection; several may follow one another, and share the database.
    /// - Returns: Its parts in their order; what is wrong is in ``findings``.
    mutating func parts(of text: ProjectionText) -> [Part] {
        // The tables first, wherever in the file the setup stands.
        let setups = text.parts.filter { $0.types == nil }.map { part(of: text, $0) }
        return setups + text.parts.filter { $0.types != nil }.map { part(of: text, $0) }
    }

    private mutating func part(of text: ProjectionText, _ part: ProjectionText.Part) -> Part {
        let sql = Array(text.bytes[part.range])
        let isSetup = part.types == nil
        do throws(VettingConnection.Refusal) {
            var statements: [Statement] = []
            for cut in try cuts(of: sql, runs: isSetup) {
                statements.append(statement(cut, of: sql, in: text, part))
            }
            if statements.isEmpty, !isSetup {
                warn(text, part.range.lowerBound, "this part has no statement: it does nothing")
            }
            return Part(types: part.types, statements: statements)
        } catch {
            let place = part.range.lowerBound + (error.place ?? firstWord(of: sql))
            findings.append(text.finding(at: place, error.message))
            return Part(types: part.types, statements: [])
        }
    }

    /// Cuts a part, and refuses what can be seen in its words.
    private func cuts(of sql: [UInt8], runs: Bool) throws(VettingConnection.Refusal)
        -> [VettingConnection.Cut]
    {
        try connection.cut(sql, runsWithin: runs ? limit : nil) { text, start in
            StatementReading(text).refusal.map {
                VettingConnection.Refusal(place: start + $0.place, message: $0.message)
            }
        }
    }

    private mutating func statement(
        _ cut: VettingConnection.Cut,
        of sql: [UInt8],
        in text: ProjectionText,
        _ part: ProjectionText.Part
    ) -> Statement {
        let bytes = Array(sql[cut.range])
        let start = part.range.lowerBound + cut.range.lowerBound
        let begin = start + firstWord(of: bytes)
        for warning in StatementReading(bytes).warnings {
            warn(text, start + warning.place, warning.message)
        }
        if cut.isReadOnly { warn(text, begin, "this statement changes nothing") }
        var parameters: [EventParameter] = []
        for name in cut.parameters {
            if let parameter = name.flatMap(EventParameter.init(written:)), part.types != nil {
                parameters.append(parameter)
            } else {
                findings.append(
                    text.finding(at: begin, Self.unknown(name, isSetup: part.types == nil))
                )
            }
        }
        return Statement(
            sql: String(decoding: bytes[(begin - start)...], as: UTF8.self),
            line: text.line(at: begin),
            parameters: parameters
        )
    }

    private static func unknown(_ name: String?, isSetup: Bool) -> String {
        let name = name ?? "?"
        return isSetup
            ? "\(name): setup runs before there is an event, and has no parameters"
            : "\(name) is no parameter: use one of "
                + EventParameter.allCases.map(\.written).joined(separator: " ")
    }

    private mutating func warn(_ text: ProjectionText, _ place: Int, _ message: String) {
        warnings.append(text.finding(at: place, message))
    }

    /// Where the first token stands that says something.
    private func firstWord(of sql: [UInt8]) -> Int {
        SQLTokenizer(sql).first { !$0.isBlank }?.range.lowerBound ?? 0
    }
}

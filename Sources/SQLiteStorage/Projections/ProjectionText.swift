import EventModel

/// A projection file, cut into its parts; nothing is known of the SQL yet.
struct ProjectionText: Sendable {
    /// The SQL between two marks.
    struct Part: Sendable {
        /// The types of events for which the part runs; nil for the setup.
        let types: [EventFilter.TypePattern]?
        /// The line of its mark, from 1.
        let line: Int
        /// Where its SQL is, in bytes.
        let range: Range<Int>
    }

    let file: String?
    let bytes: [UInt8]
    private(set) var name = ""
    private(set) var revision: Int64 = 0
    private(set) var parts: [Part] = []
    private let lineStarts: [Int]

    /// Bytes of a file at the most: 1 MiB.
    static let byteLimit = 1 << 20
    /// Characters of a name at the most.
    static let nameCharacters = 100

    /// Cuts a text.
    ///
    /// - Throws: ``InvalidProjection`` with everything that is wrong with the marks.
    init(_ text: String, file: String?) throws(InvalidProjection) {
        self.file = file
        let bytes = Array(text.utf8)
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        guard bytes.count <= Self.byteLimit else {
            throw InvalidProjection([
                finding(
                    at: 0,
                    "the file has \(bytes.count) bytes, the limit is \(Self.byteLimit)"
                )
            ])
        }
        var reader = MarkReader()
        cut(with: &reader)
        guard reader.findings.isEmpty else { throw InvalidProjection(reader.findings) }
    }

    /// The line that holds a byte, from 1.
    func line(at place: Int) -> Int {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= place { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// Says what is wrong at a byte.
    func finding(at place: Int, _ message: String) -> ProjectionFinding {
        ProjectionFinding(file: file, line: line(at: place), message: message)
    }

    /// What the file means, without comments and white space outside literals: equal for files
    /// that do the same with the same words.
    var statements: String {
        parts.map { part in
            let mark = part.types.map { "on \($0.map(\.words).joined(separator: ", "))" } ?? "setup"
            return "-- \(mark)\n" + normalized(part.range)
        }.joined(separator: "\n")
    }

    /// The tokens of a range, each separated from the next by one space, without the semicolons
    /// of statements that are empty or last.
    private func normalized(_ range: Range<Int>) -> String {
        var tokens: [String] = []
        for token in SQLTokenizer(Array(bytes[range])) where !token.isBlank {
            let start = range.lowerBound + token.range.lowerBound
            let text = String(decoding: bytes[start..<start + token.range.count], as: UTF8.self)
            if text == ";", tokens.isEmpty || tokens.last == ";" { continue }
            tokens.append(text)
        }
        if tokens.last == ";" { tokens.removeLast() }
        return tokens.joined(separator: " ")
    }

    /// What was read of the marks so far.
    private struct MarkReader {
        var findings: [ProjectionFinding] = []
        var hasHeader = false
        /// The mark whose SQL is being read.
        var open: (types: [EventFilter.TypePattern]?, line: Int, start: Int)?
    }

    private mutating func cut(with reader: inout MarkReader) {
        var isLineStart = true
        for token in SQLTokenizer(bytes) {
            let text = bytes[token.range]
            if !token.isClosed {
                reader.findings.append(
                    finding(at: token.range.lowerBound, "what begins here with a quote never ends")
                )
            }
            if token.kind == .lineComment, isLineStart,
                let mark = ProjectionMark(comment: String(decoding: text, as: UTF8.self))
            {
                close(&reader, at: token.range.lowerBound)
                read(mark, at: token.range, &reader)
            } else if !token.isBlank, reader.open == nil {
                reader.findings.append(
                    finding(
                        at: token.range.lowerBound,
                        "this statement belongs to no part: write -- setup or -- on TYPE before it"
                    )
                )
                // Said once.
                reader.open = (nil, 0, token.range.upperBound)
            }
            if token.kind == .space {
                isLineStart = isLineStart || text.contains(UInt8(ascii: "\n"))
            } else {
                isLineStart = false
            }
        }
        close(&reader, at: bytes.count)
        checkWhole(&reader)
    }

    private mutating func close(_ reader: inout MarkReader, at end: Int) {
        guard let open = reader.open, open.line > 0 else { return }
        parts.append(Part(types: open.types, line: open.line, range: open.start..<end))
    }

    private mutating func read(
        _ mark: ProjectionMark,
        at range: Range<Int>,
        _ reader: inout MarkReader
    ) {
        let line = line(at: range.lowerBound)
        func wrong(_ message: String) {
            reader.findings.append(finding(at: range.lowerBound, message))
        }
        switch mark {
        case .header(let name, let revision):
            if reader.hasHeader { wrong("the projection has its name already: remove this line") }
            if !parts.isEmpty { wrong("the name comes first: move this line to the beginning") }
            reader.hasHeader = true
            reader.open = nil
            (self.name, self.revision) = (name, revision)
        case .setup:
            if parts.contains(where: { $0.types == nil }) {
                wrong("there is a setup already: write all of it in one part")
            }
            reader.open = (nil, line, range.upperBound)
        case .on(let types):
            reader.open = (types, line, range.upperBound)
        case .wrong(let message):
            wrong(message)
            // What follows belongs to the part that was meant.
            reader.open = (nil, 0, range.upperBound)
        }
    }

    private func checkWhole(_ reader: inout MarkReader) {
        guard reader.findings.isEmpty else { return }
        if !reader.hasHeader {
            reader.findings.append(
                finding(
                    at: 0,
                    "the projection has no name: begin with -- projection: NAME  revision: 1"
                )
            )
        }
        if !parts.contains(where: { $0.types == nil }) {
            reader.findings.append(
                finding(at: 0, "there is no setup: write -- setup and then CREATE TABLE …")
            )
        }
        if !parts.contains(where: { $0.types != nil }) {
            reader.findings.append(
                finding(at: 0, "no event is handled: write -- on TYPE and then a statement")
            )
        }
    }
}

extension EventFilter.TypePattern {
    /// The pattern as it can stand in a mark.
    var words: String {
        switch self {
        case .exactly(let type): "\"\(type.text.replacing("\"", with: "\"\""))\""
        case .prefix(""): "*"
        case .prefix(let prefix): "\"\(prefix.replacing("\"", with: "\"\""))\"*"
        }
    }
}

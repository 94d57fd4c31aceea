/// What can be said of a statement by its words alone: what SQLite does not tell an authorizer.
///
/// That is what stands in `DEFAULT` and in the bodies of triggers and views, which are only looked
/// at when they are used; which tables FTS5 and references name; and `now`.
struct StatementReading {
    /// Something at a byte of the statement.
    typealias Remark = (place: Int, message: String)

    /// Functions that read the clock when they are asked for `now`, or for nothing.
    private static let dateFunctions: Set<String> = [
        "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
    ]

    /// Why the statement is refused.
    private(set) var refusal: Remark?
    /// What is doubtful in it.
    private(set) var warnings: [Remark] = []

    private let text: [UInt8]
    private let tokens: [SQLToken]
    /// Words and names in quotes, in lower case; nil for other tokens.
    private let words: [String?]
    /// The texts of literals, in lower case; nil for other tokens.
    private let literals: [String?]

    init(_ text: [UInt8]) {
        self.text = text
        tokens = SQLTokenizer(text).filter { !$0.isBlank }
        words = tokens.map { Self.name($0, in: text) }
        literals = tokens.map { Self.literal($0, in: text) }
        if words.first == "create" { readCreation() }
        readCalls()
    }

    /// A creation is carried out later, so all names in it count; SQLite takes a literal for a
    /// name there, too.
    private mutating func readCreation() {
        for (index, token) in tokens.enumerated() where refusal == nil {
            if let reason = StatementRules.reserved(words[index] ?? literals[index]) {
                refusal = (token.range.lowerBound, reason)
            }
            if token.kind == .word, words[index] == "deferrable" || words[index] == "deferred" {
                refusal = (
                    token.range.lowerBound,
                    "a reference that is checked at the end of the batch cannot say which event "
                        + "broke it: write it without DEFERRABLE"
                )
            }
        }
    }

    private mutating func readCalls() {
        // SQLite takes a name in double quotes that it does not know for a text.
        let hasNow = zip(literals, words).contains { literal, word in
            (literal ?? word)?.filter { $0 != " " } == "now"
        }
        for (index, token) in tokens.enumerated() {
            guard let word = words[index] else { continue }
            let place = token.range.lowerBound
            let isCall = index + 1 < tokens.count && text[tokens[index + 1].range] == [0x28]
            if StatementRules.forbiddenFunctions.contains(word), refusal == nil,
                isCall || (word.hasPrefix("current_") && token.kind == .word)
            {
                refusal = (place, StatementRules.forbidden(word))
            }
            guard isCall else { continue }
            if word == "total_changes" {
                warnings.append(
                    (place, "total_changes counts what this connection did: a rebuild gives others")
                )
            }
            if Self.dateFunctions.contains(word),
                hasNow || asksForNow(word, tokens[(index + 2)...])
            {
                warnings.append(
                    (
                        place,
                        "\(word) seems to read the clock: a rebuild gives other rows; take "
                            + ":recorded_at or what the event's data says"
                    )
                )
            }
        }
    }

    /// Whether a date function is called without a time, which means now.
    private func asksForNow(_ word: String, _ rest: ArraySlice<SQLToken>) -> Bool {
        guard let first = rest.first else { return false }
        if text[first.range] == [0x29] { return word != "strftime" && word != "timediff" }
        guard word == "strftime" else { return false }
        var depth = 0
        for token in rest where token.kind == .symbol {
            switch text[token.range] {
            case [0x28]: depth += 1
            case [0x29] where depth == 0: return true
            case [0x29]: depth -= 1
            case [0x2C] where depth == 0: return false
            default: break
            }
        }
        return false
    }

    private static func name(_ token: SQLToken, in text: [UInt8]) -> String? {
        switch token.kind {
        case .word:
            return String(decoding: text[token.range], as: UTF8.self).lowercased()
        case .quotedName:
            return String(decoding: text[token.range].dropFirst().dropLast(), as: UTF8.self)
                .lowercased()
        default:
            return nil
        }
    }

    private static func literal(_ token: SQLToken, in text: [UInt8]) -> String? {
        guard token.kind == .literal, text[token.range.lowerBound] == UInt8(ascii: "'") else {
            return nil
        }
        return String(decoding: text[token.range].dropFirst().dropLast(), as: UTF8.self)
            .lowercased()
    }
}

import SQLiteStorage
import Subscriptions

/// What a comparison found, as lines for people.
struct ComparisonLines {
    let old: String
    let new: String
    /// Rows that are shown of each table; nil where nobody asked for rows.
    let limit: Int?

    /// The lines for one finding, safe for a terminal.
    func lines(for finding: ComparisonFinding) -> [String] {
        texts(for: finding).map { TerminalText.escaped($0) }
    }

    private func texts(for finding: ComparisonFinding) -> [String] {
        switch finding {
        case .began(let oldCheckpoint, let newCheckpoint):
            return ["--- \(old)\(place(oldCheckpoint))", "+++ \(new)\(place(newCheckpoint))"]
        case .tableOnly(let side, let table, let rows):
            return ["only in \(name(side)): table \(table), \(count(rows, "row"))"]
        case .columnOnly(let side, let table, let column, let type):
            let declared = type.isEmpty ? "" : " \(type)"
            return ["only in \(name(side)): column \(table).\(column)\(declared)"]
        case .columnType(let table, let column, let old, let new):
            return ["~ \(table): column \(column) \(type(old)) → \(type(new))"]
        case .primaryKey(let table, let old, let new):
            return ["~ \(table): primary key \(key(old)) → \(key(new))"]
        case .row(let row):
            return [text(row)]
        case .counts(let counts):
            return [text(counts)]
        }
    }

    private func text(_ row: RowDifference) -> String {
        switch row.kind {
        case .removed(let values): return "- \(row.table): \(text(values))"
        case .added(let values): return "+ \(row.table): \(text(values))"
        case .changed(let key, let changes):
            let literals = key.map { ValueLiteral.text($0) }.joined(separator: ", ")
            let words = changes.map { change in
                let (old, new) = ValueLiteral.texts(change.old, change.new)
                return "\(change.column) \(old) → \(new)"
            }
            return "~ \(row.table) \(key.count == 1 ? literals : "(\(literals))"): "
                + words.joined(separator: ", ")
        }
    }

    private func text(_ values: [RowDifference.Value]) -> String {
        values.map { "\($0.column)=\(ValueLiteral.text($0.value))" }.joined(separator: ", ")
    }

    private func text(_ counts: TableCounts) -> String {
        var parts = ["\(count(counts.same, "row")) the same"]
        for (number, word) in [
            (counts.removed, "removed"), (counts.added, "added"), (counts.changed, "changed"),
        ] where number > 0 {
            parts.append("\(Quantity.grouped(number)) \(word)")
        }
        if let limit, counts.differing > limit {
            let hidden = Quantity.grouped(counts.differing - Int64(limit))
            parts.append("\(hidden) of them not shown (see --limit)")
        }
        return "\(counts.table): " + parts.joined(separator: ", ")
    }

    private func name(_ side: ComparisonFinding.Side) -> String {
        switch side {
        case .old: old
        case .new: new
        }
    }

    private func place(_ checkpoint: Checkpoint?) -> String {
        checkpoint.map { ", at event \($0.number)" } ?? ""
    }

    private func count(_ number: Int64, _ unit: String) -> String {
        "\(Quantity.grouped(number)) \(unit)\(number == 1 ? "" : "s")"
    }

    private func type(_ declared: String) -> String { declared.isEmpty ? "(no type)" : declared }

    private func key(_ columns: [String]) -> String {
        columns.isEmpty ? "none" : "(\(columns.joined(separator: ", ")))"
    }
}

/// A value as SQL writes it, shortened to what fits into a line.
enum ValueLiteral {
    /// Characters of a text, and bytes of a BLOB, that are shown.
    private static let textLimit = 80
    private static let blobLimit = 16
    /// Characters before the first difference of two long texts.
    private static let lead = 20

    /// One value: `NULL`, `1`, `1.0`, `'it''s'`, `x'00ff'`.
    static func text(_ value: StoredValue) -> String { text(value, from: 0) }

    /// Two values that differ, shortened so that the first difference can be seen.
    static func texts(_ old: StoredValue, _ new: StoredValue) -> (String, String) {
        switch (old, new) {
        case (.text(let left), .text(let right)):
            guard let leftText = String(validating: left, as: UTF8.self),
                let rightText = String(validating: right, as: UTF8.self)
            else { break }
            let common = zip(leftText.unicodeScalars, rightText.unicodeScalars)
                .prefix { $0 == $1 }.count
            let longest = max(leftText.unicodeScalars.count, rightText.unicodeScalars.count)
            let start = longest > textLimit ? max(0, common - lead) : 0
            return (text(old, from: start), text(new, from: start))
        case (.blob(let left), .blob(let right)):
            let common = zip(left, right).prefix { $0 == $1 }.count
            let start = max(left.count, right.count) > blobLimit ? max(0, common - 4) : 0
            return (text(old, from: start), text(new, from: start))
        default: break
        }
        return (text(old), text(new))
    }

    private static func text(_ value: StoredValue, from start: Int) -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let number): return "\(number)"
        case .real(let number): return "\(number)"
        case .text(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                // No UTF-8: what SQL would make such a text from.
                return "CAST(\(blob(bytes, from: 0)) AS TEXT)"
            }
            let scalars = text.unicodeScalars.dropFirst(start)
            let shown = String(String.UnicodeScalarView(scalars.prefix(textLimit)))
            let isCut = scalars.dropFirst(textLimit).first != nil
            return (start > 0 ? "'…" : "'") + shown.replacing("'", with: "''")
                + (isCut ? "…' (\(Quantity.bytes(Int64(bytes.count))))" : "'")
        case .blob(let bytes):
            return blob(bytes, from: start)
        }
    }

    private static func blob(_ bytes: [UInt8], from start: Int) -> String {
        let rest = bytes.dropFirst(start)
        let digits = rest.prefix(blobLimit).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let isCut = rest.count > blobLimit
        return (start > 0 ? "x'…" : "x'") + digits
            + (isCut ? "…' (\(Quantity.bytes(Int64(bytes.count))))" : "'")
    }
}

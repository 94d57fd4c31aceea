/// What is told at the end of a migration, one sentence a line.
enum MigrationReport {
    /// Streams whose counts are told.
    private static let streams = 5

    /// What was copied, what was not, and what deserves attention.
    static func lines(_ state: MigrationState) -> [String] {
        var lines = ["\(Quantity.grouped(state.copied)) events copied in all"]
        for (reason, count) in state.leftOut.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("left out: \(Quantity.grouped(count)) events, \(reason)")
        }
        if state.leftOut.keys.contains(where: { $0.hasPrefix("users") }) {
            lines.append("users are not copied: make them with eventfeed user add")
        }
        for kind in MigrationNotes.Kind.allCases {
            let count = state.notes.count(kind)
            guard count > 0 else { continue }
            lines.append("\(Quantity.grouped(count)) \(words(kind)):")
            lines += state.notes.examples(kind).map { "  \($0)" }
            let more = count - Int64(state.notes.examples(kind).count)
            if more > 0 { lines.append("  and \(Quantity.grouped(more)) more") }
        }
        return lines
    }

    /// What the comparison found.
    static func lines(_ findings: MigrationCheck.Findings) -> [String] {
        let streams = Quantity.grouped(findings.counts.count)
        let isAll = findings.uncounted == 0
        var lines = [
            "\(Quantity.grouped(findings.same)) events are the same in source and target, in "
                + (isAll ? "" : "more than ") + (streams == "1" ? "1 stream" : "\(streams) streams")
        ]
        lines += findings.largest(Self.streams).map {
            "  \($0.stream): \(Quantity.grouped($0.events)) events"
        }
        if findings.added > 0 {
            lines.append(
                "\(Quantity.grouped(findings.added)) events of the target are its own: they open "
                    + "deleted streams again"
            )
        }
        lines += findings.differences.map { "different: \($0)" }
        return lines
    }

    private static func words(_ kind: MigrationNotes.Kind) -> String {
        switch kind {
        case .doubt: "events may not be exactly those of the source"
        case .shift: "streams have other numbers, since the source lacks their first events"
        case .gap: "holes in streams of the source, so that later numbers are others"
        case .truncation: "metadata events have $tb in the numbers of the target"
        case .unknownTruncation: "metadata events have a $tb that may hide other events than before"
        case .link: "links lead to streams with other numbers"
        case .derivedID: "events have a derived id beside their own, which another event has"
        }
    }
}

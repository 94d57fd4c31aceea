/// What is told at the end of a migration, one sentence a line.
enum MigrationReport {
    /// Streams whose counts are told.
    private static let streams = 5

    /// What was copied, what was not, and what deserves attention.
    static func lines(_ state: MigrationState) -> [String] {
        var lines = ["events copied in all: \(Quantity.grouped(state.copied))"]
        for (reason, count) in state.leftOut.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("left out, \(reason): \(Quantity.grouped(count))")
        }
        if state.leftOut.keys.contains(where: { $0.hasPrefix("users") }) {
            lines.append("users are not copied: make them with eventfeed user add")
        }
        for kind in MigrationNotes.Kind.allCases {
            let count = state.notes.count(kind)
            guard count > 0 else { continue }
            lines.append("\(words(kind)): \(Quantity.grouped(count))")
            lines += state.notes.examples(kind).map { "  \($0)" }
            let more = count - Int64(state.notes.examples(kind).count)
            if more > 0 { lines.append("  and \(Quantity.grouped(more)) more") }
        }
        return lines
    }

    /// What the comparison found.
    static func lines(_ findings: MigrationCheck.Findings) -> [String] {
        let streams = Quantity.grouped(findings.counts.count)
        var lines = [
            "the same in source and target: \(Quantity.grouped(findings.same)) events; streams: "
                + (findings.uncounted == 0 ? streams : "more than \(streams)")
        ]
        lines += findings.largest(Self.streams).map {
            "  \($0.stream): \(Quantity.grouped($0.events))"
        }
        if findings.added > 0 {
            lines.append(
                "the target's own, to open deleted streams again: "
                    + Quantity.grouped(findings.added)
            )
        }
        lines += findings.differences.map { "different: \($0)" }
        return lines
    }

    private static func words(_ kind: MigrationNotes.Kind) -> String {
        switch kind {
        case .doubt: "events that may not be exactly those of the source"
        case .shift: "streams with other numbers: one side lacks, or had, first events"
        case .gap: "holes in streams of the source, after which numbers are others"
        case .truncation: "metadata with $tb in the numbers of the target"
        case .unknownTruncation: "metadata with a $tb that may hide other events than before"
        case .link: "links to streams with other numbers, which are as they were"
        case .derivedID: "events with a derived id, since another event has their own"
        }
    }
}

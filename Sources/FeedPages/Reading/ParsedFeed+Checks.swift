import EventModel

extension ParsedFeed {
    /// Puts a document together from what was read, or refuses it.
    ///
    /// Sorted by number, identical repetitions left out, the entries must be what the facts say:
    /// all numbers of the extent in a whole document, numbers within it in others.
    static func checked(_ facts: FeedFacts, links: [ParsedLink], entries: [ParsedEntry])
        throws(FeedFormatError) -> ParsedFeed
    {
        let entries = try distinct(entries)
        try checkBounds(of: entries, facts)
        if facts.isWhole { try checkContiguity(of: entries, facts) }
        return ParsedFeed(facts: facts, links: links, entries: entries)
    }

    private static func distinct(_ entries: [ParsedEntry]) throws(FeedFormatError)
        -> [ParsedEntry]
    {
        var sorted: [ParsedEntry] = []
        sorted.reserveCapacity(entries.count)
        for entry in entries.sorted(by: { $0.number < $1.number }) {
            guard let last = sorted.last, last.number == entry.number else {
                sorted.append(entry)
                continue
            }
            guard last == entry else {
                throw FeedFormatError(
                    .conflictingEntries,
                    number: entry.number.rawValue,
                    found: ("two different events", "one event for each number")
                )
            }
        }
        var numbers: [EventID: EventNumber] = [:]
        numbers.reserveCapacity(sorted.count)
        for entry in sorted {
            if let other = numbers.updateValue(entry.number, forKey: entry.id) {
                throw FeedFormatError(
                    .conflictingEntries,
                    field: "id",
                    number: entry.number.rawValue,
                    found: ("the id of event \(other)", "one event for each id")
                )
            }
        }
        return sorted
    }

    private static func checkBounds(of entries: [ParsedEntry], _ facts: FeedFacts)
        throws(FeedFormatError)
    {
        let most = facts.pageRange == nil ? Limits.readEvents : facts.pageSize
        guard entries.count <= most else {
            throw FeedFormatError(
                .tooLarge,
                field: "entries",
                found: ("\(entries.count)", "at most \(most)")
            )
        }
        for entry in entries where entry.number <= facts.after || entry.number > facts.scannedTo {
            throw FeedFormatError(
                .hole,
                field: "number",
                number: entry.number.rawValue,
                found: (
                    entry.number.description, "beyond \(facts.after), up to \(facts.scannedTo)"
                )
            )
        }
    }

    private static func checkContiguity(of entries: [ParsedEntry], _ facts: FeedFacts)
        throws(FeedFormatError)
    {
        var last = facts.after
        for entry in entries {
            // The highest number there is has none after it, but every entry's has one before it.
            guard entry.number.rawValue - 1 == last.rawValue else {
                throw hole(after: last, found: entry.number)
            }
            last = entry.number
        }
        guard last == facts.scannedTo else { throw hole(after: last, found: nil) }
    }

    private static func hole(after last: EventNumber, found: EventNumber?) -> FeedFormatError {
        // Only the highest number has none after it, and behind that nothing is missing.
        let (missing, isNone) = last.rawValue.addingReportingOverflow(1)
        return FeedFormatError(
            .hole,
            field: "number",
            number: isNone ? nil : missing,
            found: (found?.description ?? "the end of the document", "the event after \(last)")
        )
    }
}

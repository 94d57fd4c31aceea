import EventModel

/// Checks a batch against the checkpoint before anything of it is applied.
///
/// Whatever representation a batch came in, these checks are the last word: one epoch, numbers
/// without a hole, and a chain that is computed from the events themselves. First the batch is
/// held against itself, then against the checkpoint: a batch that contradicts itself may come
/// right when it is asked for again, one that is sound and does not fit never will.
struct BatchVerifier: Sendable {
    /// Which events were asked for.
    let filter: EventFilter
    /// How many new events were asked for at the most.
    let limit: Int
    /// Where to start if there is no checkpoint.
    let startAfter: EventNumber
    /// Another epoch that the checkpoint may move to.
    let acceptedEpoch: Epoch?

    /// Checks a batch that was asked for after the checkpoint.
    ///
    /// - Parameters:
    ///   - batch: What came.
    ///   - checkpoint: How far the history was applied; nil where nothing was.
    /// - Returns: The batch without what was applied before.
    /// - Throws: `SourceError` that says what does not hold; nothing may be applied then.
    func verify(_ batch: EventBatch, after checkpoint: Checkpoint?) throws(SourceError)
        -> EventBatch
    {
        try checkEpoch(batch.epoch, against: checkpoint)
        let start = checkpoint?.number ?? startAfter
        try checkBounds(of: batch, asked: start)
        let events = try distinct(batch.events.filter { $0.number > batch.after })
        guard events.last.map({ $0.number <= batch.scannedTo }) ?? true else {
            throw malformed("it has events beyond \(batch.scannedTo), to which it claims to go")
        }
        let chainAtStart =
            filter.isEverything
            ? try chain(of: batch, events: events, at: start)
            : try checkFilter(of: batch, events: events)
        try checkChain(chainAtStart, at: start, against: checkpoint)
        let new = events.filter { $0.number > start }
        guard new.count <= limit else {
            throw malformed("it has \(new.count) events where at most \(limit) were asked for")
        }
        guard batch.scannedTo > start || batch.head == start else {
            // Taken for good, it would be asked for again at once, for ever.
            throw malformed("it has nothing after event \(start) but a head of \(batch.head)")
        }
        return EventBatch(
            epoch: batch.epoch,
            after: start,
            chainAfter: chainAtStart,
            events: new,
            scannedTo: batch.scannedTo,
            chain: batch.chain,
            head: batch.head
        )
    }

    private func checkEpoch(_ epoch: Epoch, against checkpoint: Checkpoint?) throws(SourceError) {
        guard let checkpoint, epoch != checkpoint.epoch, epoch != acceptedEpoch else { return }
        throw .anotherEpoch(expected: checkpoint.epoch, actual: epoch)
    }

    private func checkBounds(of batch: EventBatch, asked start: EventNumber) throws(SourceError) {
        guard batch.after <= batch.scannedTo, batch.scannedTo <= batch.head else {
            throw malformed(
                "it claims to go from \(batch.after) to \(batch.scannedTo) under a head of "
                    + "\(batch.head)"
            )
        }
        guard batch.head >= start else {
            throw .headWentBack(to: batch.head, from: start, epoch: batch.epoch)
        }
        guard batch.after <= start else {
            throw .hole(expected: start, actual: batch.after)
        }
        guard batch.scannedTo >= start, filter.isEverything || batch.after == start else {
            throw malformed(
                "it covers \(batch.after) to \(batch.scannedTo), not what comes after \(start)"
            )
        }
    }

    /// The events in the order of their numbers, each once.
    private func distinct(_ events: [RecordedEvent]) throws(SourceError) -> [RecordedEvent] {
        var distinct: [RecordedEvent] = []
        distinct.reserveCapacity(events.count)
        for event in events.sorted(by: { $0.number < $1.number }) {
            guard let last = distinct.last, last.number == event.number else {
                distinct.append(event)
                continue
            }
            guard last == event else {
                throw malformed("it has two different events \(event.number)")
            }
        }
        return distinct
    }

    /// Walks the chain through all events of a batch, and returns it as it was at `start`.
    private func chain(of batch: EventBatch, events: [RecordedEvent], at start: EventNumber)
        throws(SourceError) -> ChainDigest
    {
        var number = batch.after
        var chain = batch.chainAfter
        var chainAtStart = chain
        for event in events {
            guard event.number.rawValue - 1 == number.rawValue else {
                throw .hole(expected: number, actual: event.number)
            }
            chain = chain.appending(event)
            number = event.number
            if number == start { chainAtStart = chain }
        }
        guard number == batch.scannedTo else {
            throw .hole(expected: number, actual: batch.scannedTo)
        }
        guard chain == batch.chain else {
            throw .changed(at: number, computed: chain, stated: batch.chain)
        }
        return chainAtStart
    }

    /// Checks what can be checked where events are left out, and returns the chain at the start.
    private func checkFilter(of batch: EventBatch, events: [RecordedEvent]) throws(SourceError)
        -> ChainDigest
    {
        for event in events where !filter.matches(stream: event.stream, type: event.type) {
            throw malformed("event \(event.number) is none of those that were asked for")
        }
        guard batch.scannedTo > batch.after || batch.chain == batch.chainAfter else {
            throw .changed(at: batch.after, computed: batch.chainAfter, stated: batch.chain)
        }
        return batch.chainAfter
    }

    private func checkChain(
        _ chain: ChainDigest,
        at number: EventNumber,
        against checkpoint: Checkpoint?
    ) throws(SourceError) {
        // Nothing was applied: the beginning is known, any other start is taken on trust.
        let expected = checkpoint?.chain ?? (number == .beginning ? .beginning : chain)
        guard chain == expected else {
            throw .chainMismatch(at: number, expected: expected, actual: chain)
        }
    }

    private func malformed(_ what: String) -> SourceError {
        SourceError(.malformedDocument, "the answer contradicts itself or the request: \(what)")
    }
}

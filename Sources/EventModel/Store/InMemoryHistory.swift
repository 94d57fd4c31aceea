/// All that an ``InMemoryEventStore`` knows.
struct InMemoryHistory {
    private(set) var events: [RecordedEvent] = []
    /// `c(n)` at index n; index 0 holds the beginning.
    private(set) var chain: [ChainDigest] = [.beginning]
    private var numbersByID: [EventID: EventNumber] = [:]
    private var numbersByStream: [StreamName: [EventNumber]] = [:]
    /// Of the events that are recorded under another id than their writers gave; growing.
    private var numbersByGivenID: [GivenID: [EventNumber]] = [:]

    private struct GivenID: Hashable {
        let stream: StreamName
        let id: EventID
    }

    var head: Head {
        Head(
            number: EventNumber(Int64(events.count)),
            chain: chain[events.count],
            recordedAt: events.last?.recordedAt
        )
    }

    /// The events of a stream that may be read, in the order of `range`.
    func live(
        of stream: StreamName,
        _ state: StreamState,
        _ range: StreamRange,
        at now: Timestamp
    ) -> [RecordedEvent] {
        let numbers = numbersByStream[stream] ?? []
        let tooEarly = state.recordedTooEarly(at: now)
        let places = state.live(in: range).map { Int($0.lowerBound)..<Int($0.upperBound) + 1 }
        let wanted = (places ?? 0..<0).lazy
            .map { events[Int(numbers[$0 - 1].rawValue) - 1] }
            .filter { event in tooEarly.map { event.recordedAt > $0 } ?? true }
        if case .after = range { return Array(wanted) }
        return Array(wanted.reversed())
    }

    /// Adds a planned event at the end.
    mutating func record(_ planned: PlannedEvent, at recordedAt: Timestamp) {
        let number = head.number.next
        events.append(
            RecordedEvent(
                number: number,
                version: planned.version,
                recordedAt: recordedAt,
                event: planned.event,
                givenID: planned.givenID
            )
        )
        chain.append(
            chain[chain.count - 1].appending(
                planned.digest,
                number: number,
                version: planned.version,
                recordedAt: recordedAt
            )
        )
        numbersByID[planned.event.id] = number
        numbersByStream[planned.event.stream, default: []].append(number)
        if let id = planned.givenID {
            let given = GivenID(stream: planned.event.stream, id: id)
            numbersByGivenID[given, default: []].append(number)
        }
    }
}

extension InMemoryHistory: AppendLookups {
    func known(_ id: EventID) -> KnownEvent? {
        guard let number = numbersByID[id] else { return nil }
        let event = events[Int(number.rawValue) - 1]
        return KnownEvent(
            number: number,
            version: event.version,
            digest: EventDigest(of: event.event)
        )
    }

    func isTaken(_ id: EventID) -> Bool { numbersByID[id] != nil }

    func event(given id: EventID, in stream: StreamName, after number: EventNumber)
        -> GivenEvent?
    {
        let ownNumber = numbersByID[id].flatMap { own in
            let event = events[Int(own.rawValue) - 1]
            let isMeant = own > number && event.stream == stream && event.givenID == nil
            return isMeant ? own : nil
        }
        let others = numbersByGivenID[GivenID(stream: stream, id: id)] ?? []
        let other = Self.first(after: number, in: others)
        return [ownNumber, other].compactMap(\.self).min().map { found in
            let version = events[Int(found.rawValue) - 1].version
            return GivenEvent(number: found, version: version, id: id)
        }
    }

    /// The first of growing numbers that is greater than one; found by halving.
    private static func first(after number: EventNumber, in numbers: [EventNumber])
        -> EventNumber?
    {
        var range = 0..<numbers.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if numbers[middle] > number {
                range = range.lowerBound..<middle
            } else {
                range = middle + 1..<range.upperBound
            }
        }
        return range.lowerBound < numbers.count ? numbers[range.lowerBound] : nil
    }

    func events(of stream: StreamName, after version: StreamVersion, count: Int) -> [GivenEvent] {
        Array(given(stream, after: version).prefix(count))
    }

    private func given(_ stream: StreamName, after version: StreamVersion)
        -> some Sequence<GivenEvent>
    {
        (numbersByStream[stream] ?? []).dropFirst(Int(clamping: version.rawValue)).lazy.map {
            let event = events[Int($0.rawValue) - 1]
            return GivenEvent(
                number: event.number,
                version: event.version,
                id: event.givenID ?? event.id
            )
        }
    }

    func state(of stream: StreamName) -> StreamState {
        let numbers = numbersByStream[stream] ?? []
        let version = StreamVersion(Int64(numbers.count))
        if stream.isMetadataStream {
            return .ofMetadata(
                version: version,
                isTombstoned: stream.describedStream.map(isTombstoned) ?? false
            )
        }
        let metadataStream = stream.metadataStream
        return StreamState(
            version: version,
            isTombstoned: isTombstoned(stream),
            metadataVersion: StreamVersion(
                Int64(metadataStream.flatMap { numbersByStream[$0]?.count } ?? 0)
            ),
            metadata: StreamMetadata(reading: metadataStream.map(newestData) ?? [])
        )
    }

    func newestData(of stream: StreamName) -> [UInt8] { newest(stream)?.data.bytes ?? [] }

    private func isTombstoned(_ stream: StreamName) -> Bool {
        newest(stream)?.event.isTombstone ?? false
    }

    private func newest(_ stream: StreamName) -> RecordedEvent? {
        numbersByStream[stream]?.last.map { events[Int($0.rawValue) - 1] }
    }
}

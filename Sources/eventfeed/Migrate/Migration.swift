import EventModel
import FeedReading
import Subscriptions

/// Copies everything from a source into a target, page by page, and notes how far it is.
struct Migration {
    let reader: SourceReader
    let writer: MigrationWriter
    let target: any EventSource
    /// The state's file.
    let path: String
    private(set) var state: MigrationState
    /// The state after the last whole page: what is written, since counts go page by page.
    private var whole: MigrationState
    private var tail: TargetTail
    private var lastSaved: ContinuousClock.Instant?
    /// The figure that the source's end has, for the bar.
    private var total: Int64?

    /// Streams whose numbers differ at the most: each is remembered.
    private static let shiftLimit = 1_000_000
    /// Between two writings of the state; what was copied since is found in the target.
    private static let pause = Duration.seconds(1)

    init(
        from reader: SourceReader,
        to writer: MigrationWriter,
        _ target: any EventSource,
        state: MigrationState,
        path: String,
        head: EventNumber
    ) {
        self.reader = reader
        self.writer = writer
        self.target = target
        self.state = state
        whole = state
        self.path = path
        tail = TargetTail(target, after: state.head, through: head.rawValue)
    }

    /// Copies to the source's end.
    ///
    /// - Throws: ``CommandError``, what source and target throw, `CancellationError`; the state is
    ///   written then too.
    mutating func run() async throws {
        do {
            try await copy()
        } catch {
            // The first error says more than that the state is a second old.
            try? keep()
            throw error
        }
        try keep()
    }

    private mutating func copy() async throws {
        var bar = ProgressBar(unit: "events")
        defer { bar.clear() }
        total = try await reader.end()
        let before = state.copied
        let reader = reader
        var batch = try await reader.batch(at: state.place)
        while batch.entryCount > 0, let next = batch.next {
            try Task.checkCancellation()
            // Read while this one is written: never more than two are in memory.
            async let following = reader.batch(at: next)
            try await record(batch.events)
            state.leftOut.merge(batch.leftOut) { $0 + $1 }
            state.place = next
            state.head = writerHead
            try save()
            bar.show(
                done: Int64(next.prefix(16), radix: 16) ?? 0,
                of: total,
                count: state.copied - before
            )
            batch = try await following
        }
    }

    /// The target's head as far as it is known; what comes after it was not copied from before
    /// the place that is written with it.
    private var writerHead: Int64 { max(state.head, tail.after) }

    private mutating func save() throws(CommandError) {
        whole = state
        let now = ContinuousClock.now
        guard lastSaved.map({ $0.duration(to: now) >= Self.pause }) ?? true else { return }
        lastSaved = now
        try keep()
    }

    /// Writes the state, once there is something to remember.
    private func keep() throws(CommandError) {
        if whole.place != SourceReader.beginning { try whole.write(to: path) }
    }

    private mutating func record(_ events: [SourceEvent]) async throws {
        var rest = events[...]
        // What an earlier run recorded after it wrote the state.
        while let first = rest.first, try await skipRecorded(first) { rest.removeFirst() }
        guard !rest.isEmpty else { return }
        var part = Array(rest)
        for index in part.indices {
            part[index] = try await translated(part[index], after: part[..<index])
        }
        let outcome = try await writer.record(part, head: writerHead)
        state.head = max(state.head, outcome.head)
        for index in outcome.derived where part[index].isPlain {
            state.notes.add(.derivedID, part[index].name)
        }
        for (event, number) in zip(part, outcome.numbers) { try note(event, at: number) }
        if !outcome.derived.isEmpty {
            // Those answers do not say how long the history is.
            state.head = max(state.head, try await target.describe().head.rawValue)
        }
    }

    /// Whether an event was recorded by a run that was killed before it could say so.
    private mutating func skipRecorded(_ event: SourceEvent) async throws -> Bool {
        guard let recorded = try await nextRecorded(like: event.event) else { return false }
        try noteRecorded(event, recorded)
        return true
    }

    /// The next event behind the noted head that is an event of the source; what stands before it
    /// is passed over.
    private mutating func nextRecorded(like event: NewEvent) async throws -> RecordedEvent? {
        while let recorded = try await tail.peek() {
            tail.drop()
            if Self.isSame(event, recorded) { return recorded }
        }
        return nil
    }

    private mutating func noteRecorded(_ event: SourceEvent, _ recorded: RecordedEvent)
        throws(CommandError)
    {
        // What it says of numbers was translated then.
        if event.truncation != nil, event.event.data != recorded.data {
            noteTruncation(event, recorded.data.bytes)
        }
        try note(event, at: recorded.version.rawValue - 1)
    }

    /// Whether a recorded event has the stream and the id of one of the source, or an id that the
    /// store derived from it.
    static func isSame(_ event: NewEvent, _ recorded: RecordedEvent) -> Bool {
        guard event.stream == recorded.stream, event.type == recorded.type else { return false }
        var id = event.id
        // One derived id may be taken as well; a third is beyond chance.
        for _ in 0..<4 {
            if id == recorded.id { return true }
            id = .derived(from: "\(event.stream.text)@\(recorded.version)".utf8, in: id.uuid)
        }
        return false
    }
}

/// Numbers: where a stream of the source does not begin with 0, the target's are lower.
extension Migration {
    /// Notes what an event's numbers in source and target say about its stream.
    private mutating func note(_ event: SourceEvent, at number: Int64) throws(CommandError) {
        state.copied += 1
        if let doubt = event.doubt { state.notes.add(.doubt, "\(event.name): \(doubt)") }
        if let target = event.linkTarget, state.shifts[target.stream] != nil {
            state.notes.add(
                .link,
                "\(event.name) leads to \(target.number)@\(target.stream)"
            )
        }
        // The metadata of a stream are its newest event, whatever the number.
        guard event.number != SourceEntry.tombstoneNumber, !event.event.stream.isMetadataStream
        else { return }
        let stream = event.event.stream.text
        let shift = event.number - number
        if let assumed = state.assumed.removeValue(forKey: stream), assumed != shift {
            state.notes.add(
                .unknownTruncation,
                "$$\(stream): $tb was moved by \(assumed), and should have been by \(shift)"
            )
        }
        guard shift != state.shifts[stream] ?? 0 else { return }
        let isFirst = number == 0 || event.number == 0
        state.notes.add(
            isFirst ? .shift : .gap,
            isFirst
                ? "\(stream): \(event.number) is \(number) here"
                : "\(stream): before \(event.number), which is \(number) here"
        )
        state.shifts[stream] = shift == 0 ? nil : shift
        guard state.shifts.count <= Self.shiftLimit else {
            throw CommandError(
                .dataError,
                "more than \(Self.shiftLimit) streams of the source do not begin with number 0"
            )
        }
    }

    /// An event with `$tb` in the numbers of the target.
    ///
    /// - Parameters:
    ///   - event: Any event.
    ///   - before: The events that are recorded together with it, before it.
    /// - Returns: The event, with another `$tb` where its stream's numbers differ.
    /// - Throws: What source and target throw.
    private mutating func translated(_ event: SourceEvent, after before: ArraySlice<SourceEvent>)
        async throws -> SourceEvent
    {
        guard let (stream, first) = event.truncation, first > 0 else { return event }
        let shift = try await shift(of: stream, after: before, from: first)
        guard let shift else {
            state.notes.add(.unknownTruncation, "\(event.name): $tb \(first)")
            return event
        }
        guard shift != 0 else { return event }
        var event = event
        event.event = Self.moving(event.event, to: max(0, first - shift))
        noteTruncation(event, event.event.data.bytes)
        return event
    }

    /// By how much a stream's numbers are higher in the source; nil where nobody can know.
    private mutating func shift(
        of stream: StreamName,
        after before: ArraySlice<SourceEvent>,
        from first: Int64
    ) async throws -> Int64? {
        let own = before.filter { $0.event.stream == stream }
        if own.isEmpty, let known = state.shifts[stream.text] { return known }
        let count = try await writer.streams.count(of: stream)
        if let last = own.last { return last.number - (count + Int64(own.count) - 1) }
        if count > 0 { return 0 }
        // Nothing of the stream is there yet: what the source has of it comes later.
        let live = try await reader.firstNumber(of: stream, from: first)
        if let live { state.assumed[stream.text] = live }
        return live
    }

    private mutating func noteTruncation(_ event: SourceEvent, _ bytes: [UInt8]) {
        let here = StreamMetadata(reading: bytes).truncatedThrough?.rawValue ?? 0
        state.notes.add(.truncation, "\(event.name): $tb is \(here) here")
    }

    /// Metadata with another `$tb`, all else byte for byte as it was.
    static func moving(_ event: NewEvent, to number: Int64) -> NewEvent {
        NewEvent(
            id: event.id,
            stream: event.stream,
            type: event.type,
            data: Payload(
                StreamMetadata.truncating(through: StreamVersion(number), event.data.bytes),
                mediaType: event.data.mediaType
            ),
            metadata: event.metadata
        )
    }
}

/// The events of the target after a number, one after the other.
struct TargetTail {
    private let target: any EventSource
    /// The number of the last event that was dropped.
    private(set) var after: Int64
    private let through: Int64
    private var events: [RecordedEvent] = []
    private var index = 0

    /// Events that are read at once.
    private static let batchSize = 500

    init(_ target: any EventSource, after: Int64, through: Int64) {
        self.target = target
        self.after = after
        self.through = through
    }

    /// The next event; nil where there is none up to the end.
    mutating func peek() async throws -> RecordedEvent? {
        while index == events.count {
            guard after < through else { return nil }
            let batch = try await target.events(
                after: EventNumber(after),
                limit: Self.batchSize,
                matching: .everything,
                waitingUpTo: nil
            )
            events = batch.events
            index = 0
            if events.isEmpty { after = batch.isCaughtUp ? through : batch.scannedTo.rawValue }
        }
        let event = events[index]
        return event.number.rawValue <= through ? event : nil
    }

    /// Goes on to the event after.
    mutating func drop() {
        guard index < events.count else { return }
        after = events[index].number.rawValue
        index += 1
    }
}

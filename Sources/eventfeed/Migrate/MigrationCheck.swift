import EventModel
import Subscriptions

/// Compares what was copied with its source, event for event, in the order of both.
///
/// Both are walked over once, page by page; what is kept is counts of streams, up to a limit.
struct MigrationCheck {
    let reader: SourceReader
    let target: any EventSource

    /// What was found.
    struct Findings: Equatable, Sendable {
        /// Events that are the same.
        var same: Int64 = 0
        /// Events of the target that its store added when a stream was opened again.
        var added: Int64 = 0
        /// What differs, as sentences; the first ones.
        var differences: [String] = []
        /// Events of each stream, of the first ``MigrationCheck/streamLimit`` streams.
        var counts: [String: Int64] = [:]
        /// Events of all other streams.
        var uncounted: Int64 = 0

        /// Whether it stopped early.
        var isFull: Bool { differences.count >= MigrationCheck.differenceLimit }
    }

    /// Streams whose events are counted.
    static let streamLimit = 100_000
    /// Differences after which nothing more is compared.
    static let differenceLimit = 10

    /// Compares.
    ///
    /// - Parameter state: The migration, which has come to the source's end.
    /// - Returns: What was found.
    /// - Throws: What source and target throw; `CancellationError`.
    func run(_ state: MigrationState) async throws -> Findings {
        var findings = Findings()
        var bar = ProgressBar(unit: "events compared")
        defer { bar.clear() }
        let head = try await target.describe().head.rawValue
        var tail = TargetTail(target, after: state.start, through: head)
        let reader = reader
        var left = state.copied
        var batch = try await reader.batch(at: SourceReader.beginning)
        while left > 0, !findings.isFull {
            try Task.checkCancellation()
            guard batch.entryCount > 0, let next = batch.next else {
                findings.differences.append("the source has \(left) events fewer than were copied")
                break
            }
            // Read while this one is compared: never more than two are in memory.
            async let following = reader.batch(at: next)
            for event in batch.events.prefix(Int(clamping: left)) where !findings.isFull {
                try await compare(event, &tail, &findings)
                left -= 1
            }
            bar.show(done: state.copied - left, of: state.copied, count: state.copied - left)
            batch = try await following
        }
        try await endTarget(&tail, &findings)
        return findings
    }

    private func compare(
        _ event: SourceEvent,
        _ tail: inout TargetTail,
        _ findings: inout Findings
    ) async throws {
        while let recorded = try await tail.peek() {
            if Migration.isSame(event.event, recorded) {
                tail.drop()
                if let difference = Self.difference(event, recorded) {
                    findings.differences.append(difference)
                } else {
                    findings.count(event.event.stream.text)
                }
                return
            }
            guard Self.isAdded(recorded) else {
                tail.drop()
                findings.differences.append(
                    "event \(recorded.number) of the target is \(recorded.type) of stream "
                        + "\"\(recorded.stream)\", id \(recorded.id); in the source comes "
                        + "\(event.name), \(event.event.type), id \(event.event.id)"
                )
                return
            }
            tail.drop()
            findings.added += 1
        }
        findings.differences.append("\(event.name) of the source is not in the target")
    }

    /// What the target has beyond the last event of the source.
    private func endTarget(_ tail: inout TargetTail, _ findings: inout Findings) async throws {
        while !findings.isFull, let recorded = try await tail.peek() {
            tail.drop()
            if Self.isAdded(recorded) {
                findings.added += 1
            } else {
                findings.differences.append(
                    "event \(recorded.number) of the target, \(recorded.type) of stream "
                        + "\"\(recorded.stream)\", is not in the source"
                )
            }
        }
    }

    /// Whether a store adds such an event by itself, to open a stream again.
    private static func isAdded(_ recorded: RecordedEvent) -> Bool {
        recorded.type == .streamMetadata && recorded.stream.isMetadataStream
            && StreamMetadata(reading: recorded.data.bytes).truncatedThrough != nil
    }

    /// In what two events of the same stream, type and id differ; nil where in nothing.
    static func difference(_ event: SourceEvent, _ recorded: RecordedEvent) -> String? {
        let name = "\(event.name) of the source and event \(recorded.number) of the target"
        if event.event.metadata != recorded.metadata { return "\(name) have other metadata" }
        if event.event.data == recorded.data { return nil }
        // A `$tb` in the numbers of the target is the one thing that is changed.
        let here = StreamMetadata(reading: recorded.data.bytes).truncatedThrough
        if event.truncation != nil, let here,
            Migration.moving(event.event, to: here.rawValue).data == recorded.data
        {
            return nil
        }
        return "\(name) have other data"
    }
}

extension MigrationCheck.Findings {
    fileprivate mutating func count(_ stream: String) {
        same += 1
        if counts[stream] == nil, counts.count >= MigrationCheck.streamLimit {
            uncounted += 1
        } else {
            counts[stream, default: 0] += 1
        }
    }

    /// The largest streams that were counted.
    func largest(_ count: Int) -> [(stream: String, events: Int64)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count)
            .map { ($0.key, $0.value) }
    }
}

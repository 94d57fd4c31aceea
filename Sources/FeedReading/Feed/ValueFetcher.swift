import EventModel
import FeedPages
import FoundationEssentials
import Subscriptions

/// Fetches the values that stand outside their documents and puts the events together.
struct ValueFetcher: Sendable {
    /// Entries of one document, with its address.
    struct Part: Sendable {
        var entries: ArraySlice<ParsedEntry>
        var address: URL
    }

    /// One value to fetch, and its event's place in the result.
    private struct Errand: Sendable {
        var place: Int
        var number: EventNumber
        var kind: ValueKind
        var value: OutOfLineValue
        var document: URL
    }

    private let reader: any DocumentReader
    private let requestsAtOnce: Int

    init(_ reader: any DocumentReader, requestsAtOnce: Int) {
        self.reader = reader
        self.requestsAtOnce = requestsAtOnce
    }

    /// The events of all parts, in order, with their values; each checked by length and digest.
    func events(of parts: [Part]) async throws -> [RecordedEvent] {
        let entries = parts.flatMap(\.entries)
        let fetched = try await fetch(errands(for: parts))
        var events: [RecordedEvent] = []
        events.reserveCapacity(entries.count)
        for (place, entry) in entries.enumerated() {
            do throws(FeedFormatError) {
                events.append(
                    try entry.recorded(
                        data: fetched[.data]?[place],
                        metadata: fetched[.metadata]?[place]
                    )
                )
            } catch {
                throw SourceError(error, at: reader.address, isFirst: false)
            }
        }
        return events
    }

    private func errands(for parts: [Part]) -> [Errand] {
        var errands: [Errand] = []
        var place = 0
        for part in parts {
            for entry in part.entries {
                for (kind, value) in entry.outOfLine {
                    errands.append(
                        Errand(
                            place: place,
                            number: entry.number,
                            kind: kind,
                            value: value,
                            document: part.address
                        )
                    )
                }
                place += 1
            }
        }
        return errands
    }

    private func fetch(_ errands: [Errand]) async throws -> [ValueKind: [Int: [UInt8]]] {
        var fetched: [ValueKind: [Int: [UInt8]]] = [:]
        try await withThrowingTaskGroup(of: (Errand, [UInt8]).self) { group in
            var waiting = errands[...]
            for errand in waiting.prefix(requestsAtOnce) {
                group.addTask { (errand, try await bytes(for: errand)) }
            }
            waiting = waiting.dropFirst(requestsAtOnce)
            while let (errand, bytes) = try await group.next() {
                fetched[errand.kind, default: [:]][errand.place] = bytes
                guard let next = waiting.popFirst() else { continue }
                group.addTask { (next, try await self.bytes(for: next)) }
            }
        }
        return fetched
    }

    private func bytes(for errand: Errand) async throws -> [UInt8] {
        try await Self.bytes(
            of: errand.value,
            errand.kind,
            of: errand.number,
            in: errand.document,
            reader
        )
    }

    /// The bytes of one value, which are not checked yet.
    static func bytes(
        of value: OutOfLineValue,
        _ kind: ValueKind,
        of number: EventNumber,
        in document: URL,
        _ reader: any DocumentReader
    ) async throws -> [UInt8] {
        let limit = kind == .data ? Limits.standard.dataBytes : Limits.standard.metadataBytes
        guard value.length <= limit else {
            throw SourceError(
                .tooLarge,
                "\(reader.address): the \(kind.rawValue) of event \(number) is said to have "
                    + "\(value.length) bytes, the limit is \(limit)"
            )
        }
        guard let address = URL(string: value.reference, relativeTo: document)?.absoluteURL,
            Origin(address) == Origin(document)
        else {
            throw SourceError(
                .malformedDocument,
                "\(reader.address): the \(kind.rawValue) of event \(number) is said to be at "
                    + "\(excerpt(value.reference)), which is not where the feed is"
            )
        }
        let question = DocumentQuestion(kind: .value, address: address, limit: .bytes(value.length))
        guard case .document(let fetched) = try await reader.read(question) else {
            throw SourceError(.malformedDocument, "\(address.absoluteString) came without a body")
        }
        return fetched.bytes
    }
}

import EventModel
import FeedPages
import FeedReading
import FoundationEssentials
import HTTPTypes

/// Reads the source's `$all`, oldest first, with the exact content of every event.
struct SourceReader: Sendable {
    let connection: SourceConnection
    let scope: MigrationScope
    /// Events on a page, 1 to 4,096.
    let pageSize: Int

    /// Where the first page begins.
    static let beginning = String(repeating: "0", count: 32)
    /// The media type of pages and of single events.
    private static let json = "application/vnd.eventstore.atom+json"
    /// Events that are asked for one by one at the same time.
    private static let requestsAtOnce = 8

    /// What a page of the source has.
    struct Batch: Sendable {
        var events: [SourceEvent] = []
        /// Events that are not copied, by the reason.
        var leftOut: [String: Int64] = [:]
        /// Entries on the page.
        var entryCount = 0
        /// Where the next page begins; nil at the end.
        var next: String?
    }

    /// Reads a page.
    ///
    /// - Parameter place: Where it begins.
    /// - Returns: The events, oldest first; at the end there are none.
    /// - Throws: ``CommandError``, `ExchangeError`, `CancellationError`.
    func batch(at place: String) async throws -> Batch {
        let (page, count) = try await page(at: place)
        var batch = Batch(entryCount: page.entries.count, next: page.next)
        var wanted: [SourceEntry] = []
        for entry in page.entries {
            guard entry.id != nil, let stream = entry.placeStream else {
                guard entry.summary == EventType.link.text else {
                    throw CommandError(
                        .protocolError,
                        "the source shows \(entry.title) without its id: is it an Event Store?"
                    )
                }
                batch.leftOut[Self.brokenLinks, default: 0] += 1
                continue
            }
            if let reason = scope.reason(toLeaveOut: stream) {
                batch.leftOut[reason, default: 0] += 1
            } else {
                wanted.append(entry)
            }
        }
        let links = try await links(wanted.filter(\.isFollowedLink))
        var texts: [String: [UInt8]] = [:]
        if wanted.contains(where: { !$0.isFollowedLink && !$0.isTombstone && $0.data == nil }) {
            texts = try await self.texts(at: place, count: count)
        }
        batch.events = try await exact(wanted, links: links, texts: texts)
        return batch
    }

    /// Why links are left out that the product does not tell apart.
    static let brokenLinks = "links that lead nowhere, which this source does not tell apart"

    /// The number that the source's newest event is stored at, for a progress bar; nil where it
    /// does not say.
    func end() async throws -> Int64? {
        let path = "/streams/%24all/head/backward/1"
        let answer = try await connection.get(path, accept: Self.json)
        let tag = answer.fields[.eTag]?.filter { $0 != "\"" } ?? ""
        return Int64(tag.prefix { $0 != ";" })
    }

    /// The number of the first event of a stream at or after one; nil where there is none.
    func firstNumber(of stream: StreamName, from number: Int64) async throws -> Int64? {
        let path = "\(Self.path(of: stream.text))/\(number)/forward/1?embed=rich"
        let answer = try await connection.get(path, accept: Self.json)
        guard answer.status == 200 else { return nil }
        return try parsed(answer).entries.first?.placeNumber
    }

    private static func path(of stream: String) -> String {
        "/streams/" + PercentEncoding.encode(stream)
    }

    private func parsed(_ answer: HTTPExchangeAnswer) throws(CommandError) -> SourcePage {
        do throws(JSONError) {
            return try SourcePage.parse(answer.body)
        } catch {
            throw CommandError(
                .protocolError,
                "\(answer.address.absoluteString) is no page of an Event Store: \(error)"
            )
        }
    }
}

/// Pages.
extension SourceReader {
    /// The page at a place and how many events were asked for: fewer where they are large.
    private func page(at place: String) async throws -> (SourcePage, count: Int) {
        var count = pageSize
        while true {
            do {
                return (try await page(at: place, count: count, embed: "body"), count)
            } catch let error as ExchangeError where count > 1 {
                switch error.reason {
                case .tooLarge, .tooLargeInflated: count /= 2
                default: throw error
                }
            }
        }
    }

    private func page(at place: String, count: Int, embed: String) async throws -> SourcePage {
        let path = "/streams/%24all/\(place)/forward/\(count)?embed=\(embed)"
        let answer = try await connection.get(path, accept: Self.json)
        guard answer.status == 200 else {
            throw CommandError(
                .protocolError,
                "\(answer.address.absoluteString) answered \(answer.status): "
                    + (answer.status == 404
                        ? "is this an Event Store, with AtomPub over HTTP enabled?"
                        : "the source does not know the place where the copy stands")
            )
        }
        return try parsed(answer)
    }

    /// The text of data that are not said to be JSON, by the title of their entries.
    private func texts(at place: String, count: Int) async throws -> [String: [UInt8]] {
        let page: SourcePage
        do {
            page = try await self.page(at: place, count: count, embed: "tryharder")
        } catch let error as ExchangeError {
            // Bytes that are no text may grow so far; each event is asked for then.
            switch error.reason {
            case .tooLarge, .tooLargeInflated: return [:]
            default: throw error
            }
        }
        return page.entries.reduce(into: [:]) { texts, entry in
            // Where even this mode shows nothing, there is nothing.
            if !entry.isFollowedLink { texts[entry.title] = entry.data ?? [] }
        }
    }

    /// The links themselves, in place of what the product shows for them, by stream and number.
    private func links(_ shown: [SourceEntry]) async throws -> [Place: SourceEntry] {
        var found: [Place: SourceEntry] = [:]
        let streams = Dictionary(grouping: shown) { $0.placeStream ?? "" }
        for (stream, entries) in streams {
            var numbers = entries.compactMap(\.placeNumber).sorted()[...]
            while let first = numbers.first, let last = numbers.last {
                let count = min(Int64(pageSize), last - first + 1)
                let path = "\(Self.path(of: stream))/\(first)/forward/\(count)?embed=tryharder"
                let answer = try await connection.get(path, accept: Self.json)
                let page = answer.status == 200 ? try parsed(answer) : SourcePage()
                for entry in page.entries {
                    found[Place(stream: stream, number: entry.placeNumber ?? -1)] = entry
                }
                numbers = numbers.drop { $0 < first + count }
            }
        }
        return found
    }

    private struct Place: Hashable {
        let stream: String
        let number: Int64
    }
}

/// Exact content.
extension SourceReader {
    private func exact(
        _ entries: [SourceEntry],
        links: [Place: SourceEntry],
        texts: [String: [UInt8]]
    ) async throws -> [SourceEvent] {
        var events = [SourceEvent?](repeating: nil, count: entries.count)
        var missing: [Int] = []
        for (index, entry) in entries.enumerated() {
            if entry.isFollowedLink {
                let place = Place(
                    stream: entry.placeStream ?? "",
                    number: entry.placeNumber ?? -1
                )
                events[index] = try Self.link(entry, itself: links[place])
            } else if let data = Self.certain(entry, texts) {
                events[index] = try SourceEvent(entry, data: data)
            } else {
                missing.append(index)
            }
        }
        for start in stride(from: 0, to: missing.count, by: Self.requestsAtOnce) {
            let part = missing[start..<min(start + Self.requestsAtOnce, missing.count)]
            try await withThrowingTaskGroup(of: (Int, SourceEvent).self) { group in
                for index in part {
                    let entry = entries[index]
                    group.addTask { (index, try await single(entry, texts[entry.title])) }
                }
                for try await (index, event) in group { events[index] = event }
            }
        }
        return events.compactMap { $0 }
    }

    /// The data as far as a page shows it beyond doubt; nil where the event must be asked for.
    private static func certain(_ entry: SourceEntry, _ texts: [String: [UInt8]]) -> [UInt8]? {
        if entry.isTombstone { return entry.data ?? [] }
        if let data = entry.data { return data.hasReplacement ? nil : data }
        guard let text = texts[entry.title], !text.hasReplacement, !text.mayBeIndented else {
            return nil
        }
        return text
    }

    /// Asks for the bytes of one event.
    private func single(_ entry: SourceEntry, _ text: [UInt8]?) async throws -> SourceEvent {
        let path = Self.path(of: entry.placeStream ?? "") + "/\(entry.placeNumber ?? 0)"
        let answer = try await connection.get(path, accept: "application/octet-stream")
        guard answer.status != 200 else { return try SourceEvent(entry, data: answer.body) }
        // Its stream is deleted or truncated: only pages of everything show it still.
        return try SourceEvent(
            entry,
            data: entry.data ?? text ?? [],
            doubt: "its data: the source shows only their text, since the stream is deleted or "
                + "truncated"
        )
    }

    /// A link that the source followed; `itself` is what its own stream shows.
    private static func link(_ shown: SourceEntry, itself: SourceEntry?) throws(CommandError)
        -> SourceEvent
    {
        let target = Array("\(shown.number ?? 0)@\(shown.stream ?? "")".utf8)
        if var itself, !itself.isFollowedLink, itself.id != nil {
            // Pages of everything show metadata as they are stored, others may indent them.
            itself.metadata = shown.linkMetadata
            let isText = itself.data.map { !$0.hasReplacement && !$0.mayBeIndented } ?? false
            return try SourceEvent(itself, data: isText ? itself.data ?? target : target)
        }
        var link = shown
        link.type = EventType.link.text
        link.metadata = shown.linkMetadata
        link.isJSON = false
        let name = "\(shown.placeNumber ?? 0)@\(shown.placeStream ?? "")"
        // The source shows the id of what the link leads to.
        link.id = shown.id.map { EventID.derived(from: Array(name.utf8), in: $0.uuid) }
        return try SourceEvent(
            link,
            data: target,
            doubt: "its id: the source does not show links of a stream that is deleted or truncated"
        )
    }
}

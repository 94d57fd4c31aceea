import AccessControl
import EventModel

/// Events as entries, as far as they have room.
struct ShownEntries {
    /// The entries, in the order of the events.
    var entries: [WireEntry]
    /// Whether everybody may read all that is shown.
    var isPublic = true

    /// Whether links are among them, which lead to what may change.
    var hasLinks: Bool { entries.contains { $0.link != nil } }
}

/// Links: events that stand for an event of another stream.
extension Exchange {
    /// Events as entries, in the same order; the first always, the others as long as what links
    /// lead to has room on the page.
    ///
    /// - Parameters:
    ///   - events: What was read.
    ///   - resolvesLinks: Whether links are followed.
    /// - Returns: As many entries as have room, at least one of events that are not none.
    /// - Throws: ``Unauthorized`` where a link leads to what the caller may not read.
    func entries(of events: [RecordedEvent], _ resolvesLinks: Bool) async throws -> ShownEntries {
        var shown = ShownEntries(entries: [])
        shown.entries.reserveCapacity(events.count)
        var targets = LinkTargets(exchange: self)
        var room = interface.settings.pageBytes
        for event in events {
            guard resolvesLinks, event.type == .link else {
                shown.entries.append(WireEntry(WireEvent(event)))
                continue
            }
            let link = try await targets.target(of: event)
            if case .resolved(let target) = link {
                let bytes = target.data.count + target.metadata.count
                guard bytes <= room || shown.entries.isEmpty else { break }
                room -= bytes
            }
            shown.entries.append(WireEntry(WireEvent(event), link: link))
        }
        shown.isPublic = targets.arePublic
        return shown
    }
}

/// Looks up what links lead to; each stream is asked about and each event is read once.
private struct LinkTargets {
    private struct Place: Hashable {
        let stream: StreamName
        let number: Int64
    }

    let exchange: Exchange
    /// Whether everybody may read the streams that were asked about.
    private(set) var arePublic = true
    private var readable: Set<StreamName> = []
    private var known: [Place: WireEvent] = [:]

    init(exchange: Exchange) {
        self.exchange = exchange
    }

    /// What a link leads to; nil where its data has not the form of a link.
    mutating func target(of link: RecordedEvent) async throws -> WireEntry.Link? {
        guard let (number, name) = Self.parse(link.data.bytes) else { return nil }
        // What is no name names no stream.
        guard let stream = try? StreamName(name) else {
            return .broken(stream: name, number: number)
        }
        if !readable.contains(stream) {
            let isPublic = try await exchange.demand(.stream(stream, .read))
            arePublic = arePublic && isPublic
            readable.insert(stream)
        }
        let place = Place(stream: stream, number: number)
        if let event = known[place] { return .resolved(event) }
        guard let event = try await exchange.event(number, of: stream) else {
            return .broken(stream: name, number: number)
        }
        let target = WireEvent(event)
        known[place] = target
        return .resolved(target)
    }

    /// Takes `7@stream` apart at the first `@`.
    private static func parse(_ data: [UInt8]) -> (Int64, String)? {
        guard let text = String(validating: data, as: UTF8.self),
            let at = text.utf8.firstIndex(of: UInt8(ascii: "@")),
            let number = Int64(text[..<at]), number >= 0
        else { return nil }
        return (number, String(text[text.utf8.index(after: at)...]))
    }
}

extension Exchange {
    /// An event of a stream by its number, as far as it is read.
    func event(_ number: Int64, of stream: StreamName) async throws -> RecordedEvent? {
        guard number < Int64.max else { return nil }
        let slice = try await store.readStream(
            stream,
            .after(StreamVersion(number)),
            limit: ReadLimit(events: 1)
        )
        guard let event = slice.events.first, event.version.rawValue == number + 1 else {
            return nil
        }
        return event
    }
}

extension WireEntry {
    /// The time that a page takes from the entry: that of the event shown; nil where a link leads
    /// nowhere.
    var shownTime: Timestamp? {
        switch link {
        case nil: event.recordedAt
        case .resolved(let target): target.recordedAt
        case .broken: nil
        }
    }
}

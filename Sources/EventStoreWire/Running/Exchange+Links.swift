import AccessControl
import EventModel

/// Links: events that stand for an event of another stream.
extension Exchange {
    /// Events as entries, in the same order.
    ///
    /// - Parameters:
    ///   - events: What was read.
    ///   - resolvesLinks: Whether links are followed.
    /// - Throws: ``Unauthorized`` where a link leads to what the caller may not read.
    func entries(of events: [RecordedEvent], _ resolvesLinks: Bool) async throws -> [WireEntry] {
        var entries: [WireEntry] = []
        entries.reserveCapacity(events.count)
        var targets = LinkTargets(exchange: self)
        for event in events {
            let link =
                resolvesLinks && event.type == .link
                ? try await targets.target(of: event) : nil
            entries.append(WireEntry(WireEvent(event), link: link))
        }
        return entries
    }
}

/// Looks up what links lead to; what may be read is asked once for each stream.
private struct LinkTargets {
    let exchange: Exchange
    private var readable: Set<StreamName> = []

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
            try await exchange.demand(.stream(stream, .read))
            readable.insert(stream)
        }
        guard let event = try await exchange.event(number, of: stream) else {
            return .broken(stream: name, number: number)
        }
        return .resolved(WireEvent(event))
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

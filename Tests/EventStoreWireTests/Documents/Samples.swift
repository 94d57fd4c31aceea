import EventModel

@testable import EventStoreWire

/// Events and pages for the tests of documents.
enum Sample {
    static let addresses = WireAddresses(base: "http://127.0.0.1:2113")
    static let time = Timestamp(microseconds: 1_795_429_773_014_330)
    /// How ``time`` is written.
    static let timeText = "2026-11-23T10:29:33.01433Z"

    static func event(
        _ number: Int64 = 3,
        in stream: String = "s25",
        type: String = "typeA",
        data: String = #"{"n":3}"#,
        metadata: String = "",
        isJSON: Bool = true
    ) -> WireEvent {
        WireEvent(
            streamID: stream,
            number: number,
            type: type,
            id: EventID(UUIDBytes(high: 0x1234_0000_4000, low: 0x8000_0000_0000_00AB)),
            recordedAt: time,
            data: Array(data.utf8),
            metadata: Array(metadata.utf8),
            isJSON: isJSON
        )
    }

    /// The id of every event here.
    static let idText = "00001234-0000-4000-8000-0000000000ab"

    static func feed(_ entries: [WireEntry], stream: String = "s25") -> WireFeed {
        WireFeed(
            title: "Event stream '\(stream)'",
            id: addresses.stream(stream),
            updated: entries.first?.event.recordedAt,
            streamID: stream,
            headOfStream: true,
            selfURL: addresses.stream(stream),
            eTag: "3;248368668",
            links: [
                WireLink(uri: addresses.stream(stream), relation: "self"),
                WireLink(
                    uri: addresses.page(stream, from: "head", backward: 20),
                    relation: "first"
                ),
            ],
            entries: entries
        )
    }

    /// The only entry of a page in the given mode, as it stands in the page's JSON but without the
    /// four spaces before each line.
    static func entry(_ entry: WireEntry, embed: EmbedMode) -> String {
        let text = text(FeedJSON.render(feed([entry]), embed: embed, addresses: addresses))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: #"  "entries": ["#) else { return "" }
        return lines[(start + 1)...].dropLast(2).map { $0.dropFirst(4) }.joined(separator: "\n")
    }

    static func document(
        _ entry: WireEntry,
        _ codec: EntryCodec,
        embed: EmbedMode = .none
    ) -> String {
        text(EntryDocument.render(entry, as: codec, embed: embed, addresses: addresses))
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

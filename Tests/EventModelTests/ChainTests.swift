import EventModel
import Testing

/// The values were computed by a Python script from the words of the specification.
@Suite struct `The chain` {
    private struct Link {
        let event: RecordedEvent
        let digest: String
        let chain: String
    }

    @Test func `begins with the digest of its name`() {
        #expect(
            ChainDigest.beginning.description
                == "f0bc86823b997bdd07ea660691dc3d1b5c0a021960cc9b2715513ff9aa490785"
        )
    }

    @Test func `has the values that the specification computes`() throws {
        var chain = ChainDigest.beginning
        for link in try Self.links() {
            let digest = EventDigest(of: link.event.event)
            #expect(Hex.string(of: digest.bytes) == link.digest)
            chain = chain.appending(link.event)
            #expect(chain.description == link.chain)
        }
    }

    @Test func `takes an instant before 1970 as a negative number`() throws {
        let first = try #require(try Self.links().first).event

        let chain = ChainDigest.beginning.appending(
            EventDigest(of: first.event),
            number: first.number,
            version: first.version,
            recordedAt: Timestamp.range.lowerBound
        )

        #expect(
            chain.description == "b9b3834a00549aa76f0156fffd26d8bf4ca9ff9d4ff0518666b6a70175e97f13"
        )
    }

    @Test func `is read from 64 digits and from 32 bytes, and from nothing else`() {
        let digits = ChainDigest.beginning.description

        #expect(ChainDigest(hex: digits) == .beginning)
        #expect(ChainDigest(hex: digits.uppercased()) == .beginning)
        #expect(ChainDigest(bytes: ChainDigest.beginning.bytes) == .beginning)
        for text in ["", String(digits.dropLast()), String(digits.dropLast(2)), digits + "00"] {
            #expect(ChainDigest(hex: text) == nil)
        }
        #expect(ChainDigest(bytes: Array(repeating: 0, count: 31)) == nil)
    }

    @Test func `tells fields apart that only run together`() throws {
        func digest(_ stream: String, _ type: String) throws -> EventDigest {
            EventDigest(
                of: NewEvent(
                    id: EventID(UUIDBytes(high: 0, low: 0)),
                    stream: try StreamName(stream),
                    type: try EventType(type),
                    data: .json("{}")
                )
            )
        }

        #expect(try digest("ab", "c") != digest("a", "bc"))
    }

    @Test func `digest of a value is its SHA-256`() {
        #expect(
            PayloadDigest(of: []).description
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(PayloadDigest(of: Array("abc".utf8)) == PayloadDigest(hex: abc))
    }

    private static func links() throws -> [Link] {
        [
            try link(
                (1, 1, 1_772_357_400_000_000),
                "tab-1",
                "TabOpened",
                "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                .json("{\"table\":7}"),
                nil,
                "dac2d10ef51210f910ba74499755d5e1089332610792e07022db2f17ad8b7e06",
                "f36b9119833739637de1644eef0477b74247fcd1721daaf80b5246d2a11669dd"
            ),
            try link(
                (2, 1, 1_772_357_400_000_001),
                "caf\u{E9}-1",
                "T\u{E9}",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                Payload([], mediaType: .plainText),
                .json("{}"),
                "a55487def9a7a1b8216d7b536541e1ac3cb2276da84b3ad5ea7b43001f2197e4",
                "ae537ed5e93eb47c0f77cd2a493d4361eddcf64e8d80ab5aa5734bd23fa3cda6"
            ),
            try link(
                (3, 2, 1_772_357_400_000_001),
                "tab-1",
                "TabClosed",
                "00000000-0000-0000-0000-000000000000",
                Payload(Array(0...255), mediaType: .octetStream),
                Payload([], mediaType: .json),
                "b1b1f2b64cb3a7021f5fa659410d9ed620aa29e9b5994b8d6f81df3993e378ea",
                "73992621a150d52d5d878291ee3dad0562b357946f953a40514233a7f13ee364"
            ),
            try link(
                (4, 2, 253_402_300_799_999_999),
                "cafe\u{301}-1",
                "Te\u{301}",
                "2ed6657d-e927-568b-95e1-2665a8aea6a2",
                Payload(
                    Array("a\r\nb\u{0}c".utf8),
                    mediaType: try MediaType("text/plain; charset=utf-8")
                ),
                Payload([0xFF], mediaType: .plainText),
                "eb8c37b0c0b383a7ae068292d7e311cb631cf36fd0ead5576f1990090386e4fe",
                "d42da4f6eb58b0e744e3ff7d017a5b85601c063c62f96fe24d60b28ee92c014b"
            ),
        ]
    }

    private static func link(
        _ place: (number: Int64, version: Int64, recordedAt: Int64),
        _ stream: String,
        _ type: String,
        _ id: String,
        _ data: Payload,
        _ metadata: Payload?,
        _ digest: String,
        _ chain: String
    ) throws -> Link {
        let event = NewEvent(
            id: try #require(EventID(id)),
            stream: try StreamName(stream),
            type: try EventType(type),
            data: data,
            metadata: metadata
        )
        let recorded = RecordedEvent(
            number: EventNumber(place.number),
            version: StreamVersion(place.version),
            recordedAt: Timestamp(microseconds: place.recordedAt),
            event: event
        )
        return Link(event: recorded, digest: digest, chain: chain)
    }
}

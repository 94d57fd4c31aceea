import AtomFormat
import EventModel
import Testing

@testable import EventStoreWire

/// Numbers that look random and are the same for one seed.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // The low bits of such a generator repeat soon.
        return state >> 33 | state << 31
    }
}

/// JSON of any shape, with names and strings that are hard on XML.
private struct RandomJSON {
    var numbers: SeededNumbers

    private static let texts = [
        "a", "b", "@a", "@b", "#text", "$type", "", "xml", "xmlns", "@xmlns", "@xml:lang", "a:b",
        "1",
        "-", "é", "e\u{301}", "\u{1F600}", "_x0041_", "<&>", "]]>", "\\\"", "\\u0000", "\\ud800",
        "\\uffff", "\\r\\n\\t", " ", "?pi", "!DOCTYPE", "#cdata-section",
    ]

    mutating func value(_ depth: Int = 0) -> String {
        switch Int.random(in: 0..<(depth > 5 ? 4 : 8), using: &numbers) {
        case 0:
            return ["1.0", "-1e5", "0", "12345678901234567890"].randomElement(using: &numbers)
                ?? "0"
        case 1: return ["true", "false", "null"].randomElement(using: &numbers) ?? "0"
        case 2, 3: return "\"\(text())\""
        case 4:
            let count = Int.random(in: 0..<4, using: &numbers)
            return "[" + (0..<count).map { _ in value(depth + 1) }.joined(separator: " ,") + "]"
        default:
            let count = Int.random(in: 0..<6, using: &numbers)
            let members = (0..<count).map { _ in "\"\(text())\":\(value(depth + 1))" }
            return "{\n" + members.joined(separator: ", ") + "}"
        }
    }

    private mutating func text() -> String {
        Self.texts.randomElement(using: &numbers) ?? ""
    }
}

@Suite struct `JSON of any shape` {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `is well-formed as XML, and keeps its tokens where it is laid out`(seed: UInt64) throws {
        var random = RandomJSON(numbers: SeededNumbers(state: seed))
        let reader = XMLTreeReader(depth: 64, elements: 100_000)
        for _ in 0..<200 {
            let json = random.value()
            let bytes = Array(json.utf8)
            let value = try #require(JSONIndent.value(in: bytes), "\(json)")

            var laidOut: [UInt8] = []
            JSONIndent.append(bytes, value, indent: 6, to: &laidOut)
            #expect(JSONIndent.value(in: laidOut) != nil, "\(json)")
            #expect(Self.tokens(laidOut) == Self.tokens(bytes), "\(json)")

            let entry = WireEntry(Sample.event(data: json, metadata: json))
            let feed = Sample.feed([entry])
            let page = FeedXML.render(feed, embed: .content, addresses: Sample.addresses)
            #expect(throws: Never.self, "\(json)") { try reader.read(page) }
            for embed in EmbedMode.allCases {
                let page = FeedJSON.render(feed, embed: embed, addresses: Sample.addresses)
                #expect(JSONIndent.value(in: page) == 0..<page.count, "\(json)")
            }
        }
    }

    /// The bytes without white space, of which the strings here have only spaces.
    private static func tokens(_ json: [UInt8]) -> [UInt8] {
        json.filter { $0 != 0x20 && $0 != 0x0A }
    }

    /// A body that was changed at any place is read or refused, and nothing else.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `is read or refused as a body, whatever became of it`(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        let json = Array(
            #"[{"eventId":"0000000c-0000-4000-8000-00000000000a","data":{"a":["\u00e9é"]}}]"#.utf8
        )
        let xml = Array(
            ("<e><e><EventType>té&#x41;</EventType>"
                + "<data a='1'><x>&amp;<![CDATA[<]]></x></data></e></e>")
                .utf8
        )
        var read = 0
        for _ in 0..<200 {
            var (json, xml) = (json, xml)
            for _ in 0..<Int.random(in: 0..<3, using: &numbers) {
                let byte = UInt8.random(in: 0...255, using: &numbers)
                json[Int.random(in: json.indices, using: &numbers)] = byte
                xml[Int.random(in: xml.indices, using: &numbers)] = byte
            }
            read += (try? WriteBody.events(json: json).count) ?? 0
            read += (try? WriteBody.events(xml: xml).count) ?? 0
        }
        // Some were not changed at all.
        #expect(read > 100)
    }
}

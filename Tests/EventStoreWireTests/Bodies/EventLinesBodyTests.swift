import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `A body of lines for one stream` {
    private static let stream = StreamName(stored: "s")
    private static let id = "6d1e4f0a-0000-4000-8000-000000000001"

    private func read(_ text: String) throws -> [NewEvent] {
        try EventLinesBody.events(Array(text.utf8), of: Self.stream)
    }

    private static func line(_ members: String) -> String {
        #"{"stream":"s","type":"T","id":"\#(id)",\#(members)}"# + "\n"
    }

    @Test(arguments: [
        (#""data":{"a":  1.0}"#, #"{"a":  1.0}"#, "application/json"),
        (#""data":5"#, "5", "application/json"), (#""data":"x\n""#, #""x\n""#, "application/json"),
        (#""dataText":"x\n""#, "x\n", "text/plain"),
        (#""dataText":"no","mediaType":"application/json""#, "no", "application/json"),
        (#""dataBase64":"AAE=""#, "\u{0}\u{1}", "application/octet-stream"),
    ])
    func `keeps data byte for byte`(members: String, text: String, mediaType: String) throws {
        let events = try read(Self.line(members))

        #expect(events.map(\.data.bytes) == [Array(text.utf8)])
        #expect(events.map(\.data.mediaType.text) == [mediaType])
        #expect(events.map(\.metadata) == [nil])
        #expect(events.map(\.id.description) == [Self.id])
    }

    @Test(arguments: [
        (#""metadata":[1,  2]"#, "[1,  2]", "application/json"),
        (#""metadataText":"{\n}""#, "{\n}", "application/json"),
        (#""metadataText":"no","metadataMediaType":"text/plain""#, "no", "text/plain"),
        (#""metadataBase64":"AA==","metadataMediaType":"a/b""#, "\u{0}", "a/b"),
    ])
    func `takes metadata of any kind`(members: String, text: String, mediaType: String) throws {
        let metadata = try read(Self.line(#""data":1,"# + members)).map(\.metadata)

        #expect(metadata == [Payload(Array(text.utf8), mediaType: try MediaType(mediaType))])
    }

    @Test func `reads what an event is written as, and an id twice`() throws {
        let events = try read(
            Self.line(#""data":1"#) + "\r\n"
                + Self.line(#""number":7,"version":2,"recordedAt":"x","data":2"#).dropLast()
        )

        #expect(events.map(\.data.bytes) == [Array("1".utf8), Array("2".utf8)])
    }

    @Test(arguments: [
        "", "\n", "[]\n", "{", line(#""x":1,"data":1"#), line(#""data":1,"data":2"#), line(""),
        line(#""data":1,"dataText":"a""#), line(#""dataText":1"#), line(#""dataBase64":"?""#),
        line(#""data":1,"metadataMediaType":"a/b""#), line(#""type":"T""#),
        #"{"stream":"t","type":"T","id":"\#(id)","data":1}"#,
        #"{"stream":"s","type":"T","id":"1","data":1}"#, #"{"stream":"s","id":"\#(id)","data":1}"#,
        line(#""data":1"#) + "x",
    ])
    func `is refused with the line that is wrong`(text: String) {
        #expect(throws: WireRefusal.self) { try read(text) }
    }
}

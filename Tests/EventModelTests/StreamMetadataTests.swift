import EventModel
import EventTesting
import Testing

@Suite struct `The name of a metadata stream` {
    @Test(arguments: [
        ("a", "$$a"), ("$a", "$$$a"), ("a/b é", "$$a/b é"),
        (String(repeating: "x", count: 510), "$$" + String(repeating: "x", count: 510)),
    ])
    func `is that of its stream with two dollar signs`(name: String, expected: String) throws {
        let stream = try StreamName(name)
        let metadataStream = try #require(stream.metadataStream)
        #expect(metadataStream == (try StreamName(expected)))
        #expect(metadataStream.isMetadataStream && metadataStream.isSystem)
        #expect(metadataStream.describedStream == stream)
        #expect(!stream.isMetadataStream && stream.describedStream == nil)
        #expect(stream.isSystem == name.hasPrefix("$"))
    }

    @Test(arguments: ["$$a", "$$", "$$$$a", String(repeating: "x", count: 511)])
    func `does not exist for every stream`(name: String) throws {
        let stream = try StreamName(name)
        #expect(stream.metadataStream == nil)
        #expect(throws: InvalidAppend.noMetadataStream(stream)) {
            try NewEvent.deletion(of: stream)
        }
    }

    @Test(arguments: ["$$", "$$.", "$$..", "$$ a", "$$$$a"])
    func `may speak of no stream`(name: String) throws {
        let stream = try StreamName(name)
        #expect(stream.isMetadataStream)
        #expect(stream.describedStream == nil)
    }
}

@Suite struct `The text of metadata` {
    @Test(arguments: [
        ("{\"$tb\":9223372036854775807}", "{\"$tb\":7}"), ("{}", "{\"$tb\":7}"),
        (" { } ", " {\"$tb\":7 } "), ("{\"a\" : [1.0]}", "{\"$tb\":7,\"a\" : [1.0]}"),
        (
            "{\"$tb\":1,\"a\":{\"$tb\":2},\"$tb\" :\n3 }",
            "{\"$tb\":1,\"a\":{\"$tb\":2},\"$tb\" :\n7 }"
        ),
        ("{\"\\u0024tb\":1}", "{\"\\u0024tb\":7}"),
        // What cannot be kept would show what is to be hidden.
        ("", "{\"$tb\":7}"), ("[1]", "{\"$tb\":7}"), ("{\"a\":1}x", "{\"$tb\":7}"),
        ("{\"a\":1", "{\"$tb\":7}"), ("{\"$maxCount\":0,\"a\":1}", "{\"$tb\":7}"),
        ("{\"$tb\":-1,\"a\":1}", "{\"$tb\":7,\"a\":1}"),
    ])
    func `keeps everything but what is hidden`(text: String, expected: String) {
        let bytes = StreamMetadata.truncating(through: StreamVersion(7), Array(text.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(StreamMetadata(reading: bytes).truncatedThrough == StreamVersion(7))
    }

    @Test func `never stops a reader, whatever its bytes`() {
        var generator = SeededGenerator(seed: 4)
        let alphabet = Array("{}[]:,\"$tbmaxCountAgecl0123456789-.e \\u".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<40, using: &generator)
            var bytes = (0..<count).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            if Bool.random(using: &generator) { bytes = Array("{\"$tb\":".utf8) + bytes }
            let text = StreamMetadata.truncating(through: StreamVersion(7), bytes)
            #expect(StreamMetadata(reading: text).truncatedThrough == StreamVersion(7))
        }
    }

    @Test func `may be nested no deeper than JSON that counts as JSON`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(StreamMetadata(reading: Array("{\"$tb\":1,\"a\":\(deep)".utf8)) == StreamMetadata())
    }
}

@Suite struct `A batch that ends or describes streams` {
    private let stream = StreamName(stored: "a")

    @Test func `has nothing after a tombstone`() throws {
        let tombstone = NewEvent.tombstone(of: stream)
        let deletion = try NewEvent.deletion(of: stream)
        for (events, at) in [
            ([tombstone, try Sample.event("a")], "a"), ([tombstone, deletion], "$$a"),
            ([tombstone, NewEvent.tombstone(of: stream)], "a"),
        ] {
            #expect(throws: InvalidAppend.eventAfterTombstone(try StreamName(at))) {
                try AppendBatch(events)
            }
        }
        _ = try AppendBatch([deletion, tombstone, try Sample.event("b")])
    }

    @Test func `has no tombstone of a metadata stream`() throws {
        let said = try StreamName("$$a")
        #expect(throws: InvalidAppend.tombstoneInMetadataStream(said)) {
            try AppendBatch([NewEvent.tombstone(of: said)])
        }
    }

    @Test func `may expect something of a stream that it describes`() throws {
        let deletion = try NewEvent.deletion(of: stream)
        let batch = try AppendBatch([deletion], expecting: [stream: .exists])
        #expect(batch.expectations == [stream: .exists])
        let other = try StreamName("b")
        #expect(throws: InvalidAppend.expectationWithoutEvent(other)) {
            try AppendBatch([deletion], expecting: [other: .exists])
        }
        let said = try StreamName("$$a")
        #expect(throws: InvalidAppend.expectationWithoutEvent(said)) {
            try AppendBatch([try Sample.event("a")], expecting: [said: .exists])
        }
    }
}

import EventModel
import FeedPages
import Testing

@Suite struct `Rendering` {
    @Test(arguments: FeedForm.allCases)
    func `puts events that come oldest first in the order of a head document`(form: FeedForm) throws
    {
        for count in [0, 1, 2, 9] {
            let history = try History.plain(count)
            var renderer = FeedRenderer(
                form,
                at: .root,
                epoch: history.identity.epoch,
                isReversed: true
            )
            for event in history.events { renderer.append(event) }
            #expect(renderer.count == count)
            #expect(renderer.finish(history.headDocument()) == history.headBytes(form))
        }
    }

    @Test(arguments: FeedForm.allCases)
    func `ends an answer before the event that would be too much`(form: FeedForm) throws {
        let history = try History.plain(9)
        var whole = FeedRenderer(form, at: .root, epoch: history.identity.epoch)
        for event in history.events.prefix(4) { whole.append(event) }
        for (limit, count) in [
            (whole.byteCount, 4), (whole.byteCount + 1, 4), (whole.byteCount - 1, 3), (0, 1),
        ] {
            var renderer = FeedRenderer(form, at: .root, epoch: history.identity.epoch)
            let taken = history.events.prefix { renderer.append($0, within: limit) }
            #expect(taken.count == count)
            #expect(renderer.count == count)
        }
    }

    @Test func `counts stored bytes of what stands out of line`() throws {
        var history = try History()
        let large = Payload(Array(repeating: 0, count: 1_000_000), mediaType: .octetStream)
        for _ in 0..<10 { try history.add("s", "T", large) }
        var renderer = FeedRenderer(.atom, at: .root, epoch: history.identity.epoch)
        let taken = history.events.prefix { renderer.append($0, within: 8_388_608) }
        #expect(taken.count == 8)
        #expect(renderer.byteCount < 100_000)
    }

    @Test func `makes no entry larger than readers are ready for`() throws {
        var history = try History()
        // The names that grow most: & becomes five bytes, and stands in four places.
        let name = String(repeating: "&", count: 512)
        let text = Payload(
            Array(repeating: UInt8(ascii: "x"), count: 65_536),
            mediaType: .plainText
        )
        let control = Payload(Array(repeating: 0x0B, count: 65_536), mediaType: .plainText)
        try history.add(name, name, text, text)
        try history.add(name, name, control, control)
        let quotes = Payload(
            Array(repeating: UInt8(ascii: "\""), count: 65_536),
            mediaType: .plainText
        )
        try history.add(name, name, quotes, quotes)
        for form in FeedForm.allCases {
            for event in history.events {
                var renderer = FeedRenderer(form, at: .streams, epoch: history.identity.epoch)
                renderer.append(event)
                #expect(renderer.byteCount <= WireLimits.entryBytes)
            }
            #expect(history.headBytes(form).count <= WireLimits.pageBytes(pageSize: 10))
        }
    }

    @Test func `never states the head in a complete page`() throws {
        let range = try #require(PageRange("1-10"))
        let early = try History.plain(10).page(range)
        let late = try History.plain(25).page(range)
        #expect(early == late)
    }

    @Test func `writes a line that stands alone as the wire does, but every value in it`() throws {
        var history = try History.plain(3)
        let small = history.events.reduce(into: [UInt8]()) { $0 += $1.line() }
        #expect(small == (try history.after("after=0", .ndjson)))

        let large = Payload(
            Array(repeating: UInt8(ascii: "x"), count: WireLimits.inlineBytes + 1),
            mediaType: .plainText
        )
        try history.add("s", "Attached", large, large)
        let line = String(decoding: try #require(history.events.last).line(), as: UTF8.self)
        let text = String(repeating: "x", count: large.bytes.count)
        #expect(line.contains("\"dataText\":\"\(text)\",\"metadataMediaType\":"))
        #expect(line.hasSuffix("\"metadataText\":\"\(text)\"}\n"))
        #expect(!line.contains("Src"))
    }

    @Test func `gives the facts that are read back`() throws {
        let history = try History.plain(25)
        let page = history.pageDocument(try #require(PageRange("11-20")))
        for facts in [history.headDocument().facts, page.facts] {
            #expect(try FeedFacts(fields: facts.fields) == facts)
        }
        let event = history.eventDocument(3).facts
        #expect(try FeedFacts(fields: event.fields, ofOneEvent: true) == event)
    }
}

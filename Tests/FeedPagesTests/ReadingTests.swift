import EventModel
import FeedPages
import Foundation
import HTTPTypes
import Testing

@Suite struct `Reading documents` {
    private func text(_ history: History, _ form: FeedForm = .atom) -> String {
        String(decoding: history.headBytes(form), as: UTF8.self)
    }

    private func parse(_ text: String, _ form: FeedForm = .atom) throws -> ParsedFeed {
        try ParsedFeed.parse(Array(text.utf8), form)
    }

    @Test func `accepts whatever means the same in XML`() throws {
        let history = try History.plain(3)
        let original = text(history)
        var other =
            original
            .replacing("xmlns:ef=", with: "xmlns:stuff=\"urn:x\" xmlns:q=")
            .replacing("<ef:", with: "<q:")
            .replacing(" ef:", with: " q:")
            .replacing("{\"n\":1}", with: "<!-- c --><![CDATA[{\"n\":]]>&#x31;<?pi x?>}")
            .replacing("<q:event ", with: "<stuff:ef>x<stuff:y/></stuff:ef><q:event new=\"x\" ")
            .replacing(
                "rel=\"last\"",
                with: "rel=\"http://www.iana.org/assignments/relation/last\""
            )
            .replacing("\n", with: "\r\n")
        other = "\u{FEFF}" + other
        let feed = try parse(other)
        #expect(feed == (try parse(original)))
        #expect(feed.links.map(\.relation).contains("last"))
    }

    @Test func `resolves references against xml:base`() throws {
        let history = try History.examples()
        let page = String(decoding: history.page(try #require(PageRange("1-10"))), as: UTF8.self)
        let feed = try parse(
            page.replacing("<feed ", with: "<feed xml:base=\"http://example.org/x/\" ")
        )
        #expect(
            feed.entries[3].outOfLine.first?.value.reference == "http://example.org/x/data/4"
        )
    }

    @Test func `sorts entries and leaves identical repetitions out`() throws {
        let history = try History.plain(3)
        let feed = try parse(text(history))
        #expect(feed.entries.map(\.number.rawValue) == [1, 2, 3])
        let entry = try #require(text(history).range(of: "  <entry>"))
        let original = text(history)
        let rest = original[entry.lowerBound...]
        let end = try #require(rest.range(of: "</entry>\n"))
        let first = rest[..<end.upperBound]
        let repeated = original.replacing("</feed>", with: "\(first)</feed>")
        #expect(try parse(repeated) == feed)
    }

    @Test func `accepts unknown members in any order`() throws {
        let history = try History.plain(2)
        let original = text(history, .json)
        let other =
            original
            .replacing("{\"id\":\"urn", with: "{ \"x\" : [ {} ] , \"id\":\"urn")
            .replacing("\"version\":1,", with: "\"colour\":{\"a\":[]},\"version\" : 1 ,")
            .replacing("\"stream\":", with: "\"str\\u0065am\":")
        #expect(other != original)
        #expect(try parse(other, .json) == (try parse(original, .json)))
    }

    @Test(
        arguments: [
            ("\"feed\":", "\"food\":", .notAnEventFeed),
            ("\"format\":1", "\"format\":2", .unknownFormat),
            ("\"format\":1", "\"format\":\"1\"", .invalidValue),
            ("\"head\":2", "\"head\":2.0", .invalidValue),
            ("\"events\":", "\"event\":", .missing), ("\"number\":2", "\"number\":3", .hole),
            ("\"number\":2", "\"number\":1", .conflictingEntries),
            ("\"number\":2", "\"number\":\"2\"", .invalidValue),
            ("\"type\":\"Happened\",", "", .missing),
            ("\"type\":\"Happened\"", "\"type\":\"\\ud800\"", .malformed),
            ("\"type\":\"Happened\"", "\"type\":\"A\",\"type\":\"A\"", .repeated),
            ("\"data\":", "\"dataText\":\"x\",\"data\":", .repeated),
            ("\"data\":{\"n\":1}", "\"x\":1", .missing),
            ("\"data\":{\"n\":1}", "\"dataBase64\":\"AA\"", .invalidValue),
            ("\"data\":{\"n\":1}", "\"dataSrc\":\"data/1\"", .missing),
            ("\"data\":{\"n\":1}", "\"data\":{\"n\":01}", .malformed),
            ("00001Z\",\"mediaType\"", "00Z\",\"mediaType\"", .invalidValue),
            ("]}\n", "]", .malformed),
            ("]}\n", "]}x", .malformed), ("\"feed\":{", "\"feed\":{},\"feed\":{", .missing),
        ] as [(String, String, FeedFormatError.Code)]
    )
    func `refuses JSON`(old: String, new: String, code: FeedFormatError.Code) throws {
        let original = text(try History.plain(2), .json)
        let changed = original.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != original)
        let error = #expect(throws: FeedFormatError.self) { try parse(changed, .json) }
        #expect(error?.code == code, "\(String(describing: error))")
    }

    @Test(arguments: ["epoch", "format", "page-size", "chain"], [FeedForm.atom, .json, .ndjson])
    func `refuses any document without a fact that all have`(fact: String, form: FeedForm) throws {
        let history = try History.plain(12)
        let range = try #require(PageRange("1-10"))
        for document in [history.pageDocument(range), history.headDocument()] {
            try expectMissing(fact, in: document, form, history)
        }
    }

    @Test(arguments: ["first", "last", "chain-before"], [FeedForm.atom, .json, .ndjson])
    func `refuses a page without a fact that pages have`(fact: String, form: FeedForm) throws {
        let history = try History.plain(12)
        let range = try #require(PageRange("1-10"))
        try expectMissing(fact, in: history.pageDocument(range), form, history)
    }

    @Test(
        arguments: ["head", "after", "scanned-to", "chain-after"],
        [FeedForm.atom, .json, .ndjson]
    )
    func `refuses another document without a fact that those have`(fact: String, form: FeedForm)
        throws
    {
        let history = try History.plain(12)
        try expectMissing(fact, in: history.headDocument(), form, history)
    }

    /// Takes a fact away, wherever the form has it, and expects that its absence is noticed.
    private func expectMissing(
        _ fact: String,
        in document: FeedDocument,
        _ form: FeedForm,
        _ history: History
    ) throws {
        let facts = document.facts
        let events = history.events.filter {
            $0.number > facts.after && $0.number <= facts.scannedTo
        }
        let whole = String(decoding: document.render(form, events: events), as: UTF8.self)
        var fields = facts.fields
        var text = whole
        switch form {
        case .atom: text = whole.replacing(" \(fact)=\"", with: " x-\(fact)=\"", maxReplacements: 1)
        case .json:
            let words = fact.split(separator: "-")
            let member = words[0] + words.dropFirst().map(\.capitalized).joined()
            text = whole.replacing("\"\(member)\":", with: "\"x\":", maxReplacements: 1)
        case .ndjson:
            fields[try #require(HTTPField.Name("EventFeed-\(fact)"))] = nil
        }
        #expect(text != whole || fields != facts.fields)
        _ = try ParsedFeed.parse(Array(whole.utf8), form, fields: facts.fields)
        let error = #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(Array(text.utf8), form, fields: fields)
        }
        let isEpochHeader = form == .ndjson && fact == "epoch"
        #expect(error?.code == (isEpochHeader ? .notAnEventFeed : .missing))
    }

    @Test func `takes the facts of NDJSON from headers`() throws {
        let history = try History.plain(3)
        let lines = history.headBytes(.ndjson)
        let fields = history.headDocument().facts.fields
        let feed = try ParsedFeed.parse(lines, .ndjson, fields: fields)
        #expect(feed.facts == history.headDocument().facts)
        #expect(feed.entries.count == 3)
        for (name, code) in [
            (HTTPField.Name.eventFeedEpoch, FeedFormatError.Code.notAnEventFeed),
            (.eventFeedChain, .missing), (.eventFeedScannedTo, .missing),
        ] {
            var fewer = fields
            fewer[name] = nil
            let error = #expect(throws: FeedFormatError.self) {
                try ParsedFeed.parse(lines, .ndjson, fields: fewer)
            }
            #expect(error?.code == code)
        }
        var twice = fields
        twice.append(HTTPField(name: .eventFeedHead, value: "4"))
        #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(lines, .ndjson, fields: twice)
        }
    }

    @Test func `splits lines at LF alone, and wants the last one`() throws {
        var history = try History()
        try history.add("s\u{2028}t", "T", .json("\"\u{2028}\u{2029}\u{85}\""))
        try history.add("s", "T", .json("1"))
        let lines = history.headBytes(.ndjson)
        let facts = history.headDocument().facts
        #expect(try ParsedFeed.parse(lines: lines, facts: facts).entries.count == 2)
        let error = #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(lines: Array(lines.dropLast()), facts: facts)
        }
        #expect(error?.code == .malformed)
        #expect(error?.line == 2)
    }

    @Test func `names the line and the column of broken JSON`() throws {
        let history = try History.plain(2)
        let text = String(decoding: history.headBytes(.ndjson), as: UTF8.self)
        let broken = text.replacing("{\"n\":1}", with: "{\"n\":!}")
        let error = #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(
                lines: Array(broken.utf8),
                facts: history.headDocument().facts
            )
        }
        #expect(error?.line == 2)
        #expect((error?.column ?? 0) > 100)
        #expect(error?.description.contains("line 2, column") == true)
    }

    @Test(arguments: [FeedForm.atom, .json])
    func `takes in the document of one event`(form: FeedForm) throws {
        let history = try History.examples()
        let document = history.eventDocument(3)
        let parsed = try ParsedEvent.parse(
            document.render(form),
            form,
            fields: document.facts.fields
        )
        #expect(parsed.facts == document.facts)
        #expect(try parsed.entry.recorded() == history.events[2])
    }

    @Test func `takes holes in a filtered document`() throws {
        let history = try History.plain(9)
        let feed = try ParsedFeed.parse(try history.after("stream=thing-1"), .atom)
        #expect(feed.entries.map(\.number.rawValue) == [2, 5, 8])
        #expect(feed.facts.filter == "stream=thing-1")
        #expect(feed.facts.scannedTo == EventNumber(9))
        #expect(!feed.facts.isWhole)
    }

    @Test func `sees a changed event by the chain`() throws {
        let history = try History.plain(3)
        let changed = text(history).replacing("{\"n\":2}", with: "{\"n\":3}")
        let feed = try parse(changed)
        let events = try feed.entries.map { try $0.recorded() }
        #expect(feed.facts.chain(over: events) != feed.facts.chain)
        #expect(feed.batch(history.events, head: .beginning).head == EventNumber(3))
    }

    @Test func `finds the feed in a service document`() throws {
        let history = try History()
        let service = ServiceDocument(identity: history.identity, limits: .standard)
        #expect(try ServiceDocument.feedReference(in: service.render()) == "feed")
        #expect(throws: FeedFormatError.self) {
            try ServiceDocument.feedReference(in: history.headBytes())
        }
    }
}

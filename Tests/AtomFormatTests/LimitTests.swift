import AtomFormat
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Keeping to limits` {
    /// A limit, what the document of these tests has of it, and what the error calls it.
    struct Limit: Sendable, CustomTestStringConvertible {
        let name: String
        let exact: Int
        let set: @Sendable (inout AtomParser.Limits, Int) -> Void

        var testDescription: String { name }
    }

    @Test(arguments: [
        Limit(name: "document", exact: measured.count) { $0.documentBytes = $1 },
        Limit(name: "depth", exact: 4) { $0.depth = $1 },
        Limit(name: "entries", exact: 2) { $0.entries = $1 },
        Limit(name: "attributes", exact: 3) { $0.attributes = $1 },
        Limit(name: "attribute term", exact: 36) { $0.attributeBytes = $1 },
        Limit(name: "text", exact: 40) { $0.textBytes = $1 },
        Limit(name: "xml:base", exact: 5) { $0.baseBytes = $1 },
        Limit(name: "atom:category", exact: 3) { $0.repeatedElements = $1 },
        Limit(name: "extension elements", exact: 3) { $0.extensionElements = $1 },
    ])
    func `takes the limit and refuses one more`(_ limit: Limit) throws {
        var parser = keepingParser
        limit.set(&parser.limits, limit.exact)

        #expect(fault(of: Self.measured, parser) == nil)

        limit.set(&parser.limits, limit.exact - 1)
        let error = try #require(fault(of: Self.measured, parser))
        #expect(error.code == .limit)
        #expect(error.subject == limit.name)
        #expect(error.limit == limit.exact - 1)
    }

    /// A document that has a little of everything, and of each more than anywhere else once.
    private static let measured = feedDocument(
        """
        <category term="\(String(repeating: "t", count: 36))"/><category term="1"/>
        <category term="1"/><link xml:base="a/b/c" href="x" rel="1"/>
        <ef:a><ef:b><ef:c/></ef:b></ef:a>
        <entry><id>1</id><title>2</title><updated>3</updated></entry>
        <entry><id>1</id><title>2</title><updated>3</updated>
        <summary>\(String(repeating: "é", count: 20))</summary></entry>
        """
    )

    @Test(arguments: ["<!-- ", "<?pi ", "<a b=\"", "<a ", "<!DOCTYPE ", "<![CDATA"])
    func `does not wait for the end of endless markup`(_ start: String) throws {
        let endless = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        var parser = AtomDocumentParser(keepingParser)
        var fault: AtomError?
        do {
            try parser.feed(Array(#"<feed xmlns="http://www.w3.org/2005/Atom">"#.utf8))
            try parser.feed(Array(start.utf8))
            try parser.feed(endless)
        } catch {
            fault = error
        }

        let error = try #require(fault)
        #expect([.limit, .malformed].contains(error.code))
    }

    @Test func `refuses deep nesting without a deep stack`() {
        let deep = [UInt8](repeatElement(Array("<a>".utf8), count: 200_000).joined())

        #expect(fault(of: feedDocument("").dropLast(7) + deep)?.subject == "depth")
    }

    @Test func `refuses many attributes in short time`() {
        let many = (0..<12_000).map { "a\($0)=\"\"" }.joined(separator: " ")

        #expect(fault(of: feedDocument("<x \(many)/>"))?.subject == "attributes")
    }

    @Test func `reads an attribute of 65,536 bytes`() throws {
        let long = String(repeating: "x", count: 65_536)

        let feed = try keepingParser.parse(feedDocument("<category term=\"\(long)\"/>")).feed

        #expect(feed?.categories.first?.term == long)
        let longer = feedDocument("<category term=\"\(long)x\"/>")
        #expect(fault(of: longer)?.subject == "attribute term")
    }

    @Test(arguments: [1, 4_194_304])
    func `reads data of the largest event in Base64 with line breaks`(_ size: Int) throws {
        let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let encoded = Base64.encode(data)
        var text: [UInt8] = []
        for start in stride(from: 0, to: encoded.count, by: 76) {
            text += encoded[start..<min(start + 76, encoded.count)]
            text += [0x0D, 0x0A]
        }
        let open = Array("<content type=\"image/png\">".utf8)
        let document = entryDocument("@")
        let place = try #require(document.firstIndex(of: UInt8(ascii: "@")))
        let whole =
            document[..<place] + open + text + Array("</content>".utf8)
            + document[(place + 1)...]

        let content = try keepingParser.parse(Array(whole)).entry?.content

        #expect(content.flatMap { Base64.decode($0.text) } == data)
    }

    @Test func `refuses a CDATA section longer than a text may be`() {
        var parser = keepingParser
        parser.limits.textBytes = 300_000
        let long = String(repeating: "x", count: 700_000)

        #expect(
            fault(of: entryDocument("<content><![CDATA[\(long)]]></content>"), parser)?.subject
                == "text"
        )
        #expect(fault(of: entryDocument("<x><![CDATA[\(long)"), parser)?.subject == "text")
    }

    @Test(arguments: ["<![CDATA[", ""])
    func `reads text of 4 MiB in one piece`(_ start: String) throws {
        let text = String(repeating: "0123456789 abcé\n", count: 4_194_304 / 17)
        let end = start.isEmpty ? "" : "]]>"

        let entry = try keepingParser.parse(
            entryDocument("<content>\(start)\(text)\(end)</content>")
        )
        .entry

        #expect(entry?.content?.text == text)
    }

    @Test func `is never below what a page can take`() throws {
        let name = String(repeating: "\"", count: 512)
        var entry = sampleEntry(1)
        entry.title = AtomText(String(repeating: "&", count: 512))
        entry.extensions[0].attributes.append(XMLAttribute(XMLName("", "stream"), name))
        entry.extensions[0].attributes.append(XMLAttribute(XMLName("", "type"), name))
        entry.categories = Array(repeating: AtomCategory(term: name, scheme: "urn:x"), count: 3)
        entry.content = AtomContent(String(repeating: "<", count: 16_384), type: "text")
        entry.extensions[1].text = String(repeating: "&", count: 13_107)

        let bytes = try feedWriter.write(entry)

        #expect(bytes.count > 2 * 65_000)
        #expect(bytes.count < 327_680)
        #expect(AtomParser.Limits().documentBytes == 500 * 327_680 + 65_536)
        #expect(try keepingParser.parse(bytes) == .entry(entry))
    }
}

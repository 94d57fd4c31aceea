import AtomFormat
import Testing

@Suite struct `Reading what was written` {
    @Test(arguments: [0, 1, 2, 100])
    func `gives the same feed`(_ entries: Int) throws {
        let feed = sampleFeed(entries: entries)

        let document = try keepingParser.parse(try feedWriter.write(feed))

        #expect(document == .feed(feed))
    }

    @Test func `gives the same entry`() throws {
        let document = try keepingParser.parse(try feedWriter.write(sampleEntry(7)))

        #expect(document == .entry(sampleEntry(7)))
    }

    @Test func `gives the same service`() throws {
        let service = AtomService(workspaces: [
            .init(title: "A", collections: []),
            .init(
                title: AtomText("B", kind: .html),
                collections: [
                    .init(href: "feed", title: "All", accept: ["", "a/b"]),
                    .init(
                        href: "x",
                        title: "X",
                        categories: [
                            AtomCategories([AtomCategory(term: "t")], isFixed: true),
                            AtomCategories(href: "categories"),
                        ]
                    ),
                ]
            ),
        ])
        let writer = AtomWriter(namespaces: AtomWriter.publishingNamespaces)

        let document = try keepingParser.parse(try writer.write(service))

        #expect(document == .service(service))
        #expect(service.firstCollection?.href == "feed")
    }

    @Test func `gives the same categories`() throws {
        let list = AtomCategories([AtomCategory(term: "a", scheme: "s", label: "l")], scheme: "u")
        let writer = AtomWriter(namespaces: AtomWriter.publishingNamespaces)

        #expect(try keepingParser.parse(try writer.write(list)) == .categories(list))
    }

    @Test func `gives the same extensions, nested ones included`() throws {
        var entry = sampleEntry(1)
        var inner = XMLElement(XMLName(ef, "b"), text: " x ")
        inner.base = URIReference("http://example.org/a/")
        var outer = XMLElement(XMLName(ef, "a"), children: [inner, XMLElement(XMLName(ef, "c"))])
        outer.base = inner.base
        outer.children[1].base = inner.base
        entry.extensions = [outer]

        let document = try keepingParser.parse(try feedWriter.write(entry))

        #expect(document.entry?.extensions == [outer])
    }

    @Test(arguments: [AtomText.Kind.text, .html, .xhtml])
    func `gives the same text of any kind`(_ kind: AtomText.Kind) throws {
        var entry = sampleEntry(1)
        entry.summary = AtomText(" a < b\n", kind: kind)

        let document = try keepingParser.parse(try feedWriter.write(entry))

        #expect(document.entry?.summary == entry.summary)
    }

    @Test func `gives the same bytes in Base64`() throws {
        var entry = sampleEntry(1)
        entry.content = AtomContent(base64: [0, 255, 16, 32], mediaType: "image/png")

        let document = try keepingParser.parse(try feedWriter.write(entry))

        let content = try #require(document.entry?.content)
        #expect(content.kind == .base64)
        #expect(Base64.decode(content.text) == [0, 255, 16, 32])
    }

    @Test func `gives the same text of seeded random characters`() throws {
        let seed: UInt64 = 20_260_101
        var generator = SeededGenerator(seed: seed)
        for round in 0..<50 {
            let text = generator.text(length: 1 + round * 37)
            var entry = sampleEntry(1)
            entry.content = AtomContent(text, type: "text")
            entry.extensions[1].text = text
            entry.categories = [AtomCategory(term: text)]

            let document = try keepingParser.parse(try feedWriter.write(entry))

            let isSame = document == .entry(entry)
            #expect(isSame, "seed \(seed), round \(round)")
        }
    }
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Returns text of characters that XML can carry, with many that need care.
    mutating func text(length: Int) -> String {
        let special: [Unicode.Scalar] = [
            "\r", "\n", "\t", " ", "&", "<", ">", "\"", "'", "]", "é", "\u{85}", "\u{2028}", "🎉",
            "\u{FFFD}", "\u{FEFF}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<length {
            if Bool.random(using: &self) {
                text.append(special[Int.random(in: 0..<special.count, using: &self)])
            } else {
                text.append(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &self)))
            }
        }
        return String(text)
    }
}

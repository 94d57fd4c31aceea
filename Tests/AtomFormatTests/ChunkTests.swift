import AtomFormat
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Reading in pieces` {
    /// Reads a document that arrives, and reaches libxml2, in pieces.
    private func read(
        _ bytes: [UInt8],
        slices: Int,
        cuts: () -> Int
    ) throws(AtomError) -> AtomDocument {
        var parser = AtomDocumentParser(keepingParser, sliceBytes: slices)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, cuts()))
            try parser.feed(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return try parser.finish()
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64, 1_000])
    func `gives the same whatever libxml2 gets at once`(_ slices: Int) throws {
        let bytes = try feedWriter.write(sampleFeed(entries: 5))

        #expect(try read(bytes, slices: slices) { 4_096 } == .feed(sampleFeed(entries: 5)))
    }

    @Test(arguments: [1, 3])
    func `gives the same for line ends, references and CDATA in pieces`(_ slices: Int) throws {
        let bytes = entryDocument(
            "<!-- é --><?p é?><content>a\r\nb\r&#13;&#x1F389;é🎉"
                + "<![CDATA[ ]] ]> \r\né]]>&amp;\r</content>"
        )

        let document = try read(bytes, slices: slices) { 1 }

        #expect(document.entry?.content?.text == "a\nb\n\r🎉é🎉 ]] ]> \né&\n")
        #expect(try document == keepingParser.parse(bytes))
    }

    @Test(arguments: [1, 299, 300, 301, 302, 65_536])
    func `normalises line ends in CDATA wherever it is cut`(_ slices: Int) throws {
        let pieces = (0..<700).map { $0 % 3 == 0 ? "\r\n" : $0 % 3 == 1 ? "\r" : "é\n" }
        let text = pieces.joined()
        let expected = pieces.map { $0.hasPrefix("é") ? "é\n" : "\n" }.joined()
        // A line feed that begins a section does not belong to the CR that ends the one before.
        let bytes = entryDocument(
            "<content><![CDATA[\(text)\r]]><![CDATA[\n]]>\n<![CDATA[\n\r]]>\n</content>"
        )

        let document = try read(bytes, slices: slices) { 1_000 }

        // No CR of one piece stands before the LF of the next.
        #expect(document.entry?.content?.text == expected + "\n\n\n\n\n\n")
    }

    @Test func `gives the same at seeded random cuts`() throws {
        let seed: UInt64 = 42
        var generator = SeededGenerator(seed: seed)
        for round in 0..<40 {
            var feed = sampleFeed(entries: 3)
            feed.entries[1].content = AtomContent(generator.text(length: 3_000), type: "text")
            feed.entries[2].extensions[1].text = generator.text(length: 700)
            let bytes = try feedWriter.write(feed)
            let slices = Int.random(in: 1...600, using: &generator)
            let longest = Int.random(in: 1...900, using: &generator)

            let document = try read(bytes, slices: slices) {
                Int.random(in: 1...longest, using: &generator)
            }

            let isSame = document == .feed(feed)
            #expect(isSame, "seed \(seed), round \(round)")
        }
    }

    @Test func `gives the same where a slice ends at any byte of the document`() throws {
        let feed = sampleFeed(entries: 1)
        let bytes = try feedWriter.write(feed)
        for first in 4..<bytes.count {
            let document = try read(bytes, slices: first) { bytes.count }
            #expect(document == .feed(feed), "cut at \(first)")
        }
    }

    @Test func `gives the same error at any cuts`() throws {
        for document in [feedDocument("<id>x</id>"), feedDocument("<x>&b;</x>")] {
            let whole = fault(of: document)
            for slices in [1, 2, 9, 100] {
                var code: AtomError.Code?
                do { _ = try read(document, slices: slices) { 1 } } catch { code = error.code }
                #expect(code == whole?.code)
            }
        }
    }

    @Test func `leaves nothing behind when a document is given up`() {
        for _ in 0..<1_000 {
            var parser = AtomDocumentParser(keepingParser)
            do {
                try parser.feed(Array("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>".utf8))
            } catch {
                Issue.record(error)
            }
        }
    }
}

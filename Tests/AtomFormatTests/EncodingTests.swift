import AtomFormat
import Testing

@Suite struct `Reading encodings` {
    private let text = "é ü € 🎉".filter { $0 != "€" && $0 != "🎉" }

    private func declared(_ encoding: String, _ title: String) -> String {
        """
        <?xml version="1.0" encoding="\(encoding)"?><feed xmlns="http://www.w3.org/2005/Atom">\
        <id>urn:f</id><title>\(title)</title><updated>2026</updated></feed>
        """
    }

    private func utf16(_ text: String, littleEndian: Bool, mark: Bool = true) -> [UInt8] {
        let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
        return units.flatMap { unit in
            let high = UInt8(unit >> 8)
            let low = UInt8(unit & 0xFF)
            return littleEndian ? [low, high] : [high, low]
        }
    }

    @Test(arguments: ["UTF-8", "utf-8"], [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]])
    func `takes UTF-8 with and without a mark`(_ name: String, _ mark: [UInt8]) throws {
        let bytes = mark + Array(declared(name, "Grüße € 🎉").utf8)

        #expect(try keepingParser.parse(bytes).feed?.title == "Grüße € 🎉")
    }

    @Test func `takes UTF-8 with a mark and no declaration`() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + feedDocument("<subtitle>ü</subtitle>")

        #expect(try keepingParser.parse(bytes).feed?.subtitle == "ü")
    }

    @Test(arguments: [true, false], [1, 10, 5_000])
    func `takes UTF-16 with a mark`(_ littleEndian: Bool, _ times: Int) throws {
        let title = String(repeating: "Grüße € 🎉", count: times)
        let bytes = utf16(declared("UTF-16", title), littleEndian: littleEndian)

        #expect(try keepingParser.parse(bytes).feed?.title.value == title)
    }

    @Test(arguments: [true, false])
    func `refuses half a character of UTF-16 at the end`(_ littleEndian: Bool) {
        let bytes = utf16(declared("UTF-16", "x") + "\n", littleEndian: littleEndian)

        #expect(fault(of: Array(bytes.dropLast()))?.code == .truncated)
        #expect(fault(of: bytes + [0])?.code == .truncated)
    }

    @Test func `takes UTF-16 with a mark and no declaration`() throws {
        let text = String(decoding: feedDocument("<subtitle>€</subtitle>"), as: UTF8.self)

        let feed = try keepingParser.parse(utf16(text, littleEndian: true)).feed

        #expect(feed?.subtitle == "€")
    }

    @Test(arguments: [1, 5_000])
    func `takes ISO-8859-1 that is declared`(_ times: Int) throws {
        let title = String(repeating: "Grüße ", count: times)
        let bytes = declared("ISO-8859-1", title).unicodeScalars.map { UInt8($0.value) }

        #expect(try keepingParser.parse(bytes).feed?.title.value == title)
    }

    @Test func `takes US-ASCII that is declared`() throws {
        let bytes = Array(declared("US-ASCII", "plain &#252;").utf8)

        #expect(try keepingParser.parse(bytes).feed?.title == "plain ü")
    }

    @Test(arguments: [
        "UTF-7", "UTF-16", "UTF-32", "windows-1252", "ISO-8859-15", "Shift_JIS", "EBCDIC-US",
        "x-none",
        "GB18030", "UCS-4",
    ])
    func `refuses others that are declared`(_ name: String) throws {
        let error = try #require(fault(of: Array(declared(name, "x").utf8)))

        #expect(error.code == .encoding, "\(error)")
    }

    @Test func `refuses a declaration that the mark belies`() {
        let marked = [0xEF, 0xBB, 0xBF] + Array(declared("ISO-8859-1", "x").utf8)

        #expect(fault(of: marked)?.code == .encoding)
        #expect(fault(of: utf16(declared("UTF-8", "x"), littleEndian: true))?.code == .encoding)
    }

    @Test func `refuses UTF-16 without a mark, UTF-32 and EBCDIC`() {
        let text = declared("UTF-16", "x")

        #expect(fault(of: utf16(text, littleEndian: true, mark: false))?.code == .encoding)
        #expect(fault(of: utf16(text, littleEndian: false, mark: false))?.code == .encoding)
        #expect(fault(of: [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0])?.code == .encoding)
        #expect(fault(of: [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x3C])?.code == .encoding)
        #expect(fault(of: [0x4C, 0x6F, 0xA7, 0x94, 0x93])?.code == .encoding)
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
            [0xE2, 0x82],
        ] as [[UInt8]]
    )
    func `refuses bytes that are not UTF-8, wherever they are`(_ bytes: [UInt8]) throws {
        let document = entryDocument("<content>@</content>")
        let inAttribute = feedDocument("<category term=\"@\"/>")
        let inName = feedDocument("<a@/>")
        for whole in [document, inAttribute, inName] {
            let place = try #require(whole.firstIndex(of: UInt8(ascii: "@")))
            let broken = Array(whole[..<place] + bytes + whole[(place + 1)...])

            let error = try #require(fault(of: broken))

            #expect([.encoding, .malformed].contains(error.code))
        }
    }
}

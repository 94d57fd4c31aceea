import AtomFormat
import Testing

@Suite struct `A document that is kept as elements` {
    private static func read(
        _ xml: String,
        depth: Int = 8,
        elements: Int = 20
    ) throws -> XMLElement {
        try XMLTreeReader(depth: depth, elements: elements).read(Array(xml.utf8))
    }

    @Test func `has names, attributes, text and children in their order`() throws {
        let root = try Self.read(
            "<r xmlns='urn:r' a='&lt;&amp;' b=''>\n <x>1<![CDATA[<]]></x>\n <y c='2'/><x/>\n</r>"
        )

        #expect(root.name == XMLName("urn:r", "r"))
        #expect(root.attribute("a") == "<&")
        #expect(root.attribute("b") == "")
        #expect(root.text.isEmpty)
        #expect(root.children.map(\.name.localName) == ["x", "y", "x"])
        #expect(root.children[0].text == "1<")
        #expect(root.children[1].attribute("c") == "2")
    }

    @Test func `may have any root, Atom's too`() throws {
        let root = try Self.read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry>text <b>in</b> it</entry></feed>"
        )

        #expect(root.name.localName == "feed")
        #expect(root.children[0].text == "text  it")
    }

    @Test func `is longer than what libxml2 gets at once`() throws {
        let text = String(repeating: "é&amp;", count: 100_000)

        let root = try Self.read("<r><x>\(text)</x><y/></r>")

        #expect(root.children[0].text == String(repeating: "é&", count: 100_000))
    }

    @Test(arguments: [
        ("<!DOCTYPE r><r/>", AtomError.Code.doctype),
        ("<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>", .doctype),
        ("<r>&a;</r>", .malformed), ("<r><x></r>", .malformed), ("<r/><r/>", .malformed),
        ("<r", .truncated), ("<r>", .truncated), ("", .truncated), ("text", .malformed),
        ("<p:r/>", .malformed), ("<?xml version='1.0' encoding='UTF-7'?><r/>", .encoding),
        ("<r>\u{1}</r>", .malformed),
    ])
    func `is refused as an Atom document is`(xml: String, code: AtomError.Code) {
        let error = #expect(throws: AtomError.self) { try Self.read(xml) }

        #expect(error?.code == code)
    }

    @Test func `is bounded in depth, and in elements with their attributes`() throws {
        let deepest = "<a><a><a><a/></a></a></a>"
        #expect(throws: Never.self) { try Self.read(deepest, depth: 4) }
        #expect(throws: AtomError.self) { try Self.read(deepest, depth: 3) }

        let wide = "<r><x a='1' b='2'/><x/></r>"
        #expect(throws: Never.self) { try Self.read(wide, elements: 5) }
        let error = #expect(throws: AtomError.self) { try Self.read(wide, elements: 4) }
        #expect(error?.code == .limit)
        #expect(error?.subject == "elements")
    }
}

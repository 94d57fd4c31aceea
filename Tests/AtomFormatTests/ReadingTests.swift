import AtomFormat
import Testing

@Suite struct `Reading any XML that means the same` {
    private let expected = {
        var feed = AtomFeed(id: "urn:f", title: "T & U", updated: "2026-01-01T00:00:00Z")
        feed.isArchive = true
        feed.links = [AtomLink(.self, href: "a")]
        var entry = AtomEntry(id: "urn:e", title: "E", updated: "2026")
        entry.content = AtomContent(
            "x < y",
            type: "text",
            attributes: [XMLAttribute(XMLName(ef, "media-type"), "a/b")]
        )
        entry.extensions = [
            XMLElement(XMLName(ef, "event"), attributes: [XMLAttribute(XMLName("", "number"), "1")])
        ]
        feed.entries = [entry]
        return AtomDocument.feed(feed)
    }()

    @Test(arguments: [
        // Default namespace.
        #"""
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1"
          xmlns:fh="http://purl.org/syndication/history/1.0"><id>urn:f</id><title>T &amp; U</title>
          <updated>2026-01-01T00:00:00Z</updated><fh:archive/><link rel="self" href="a"/>
          <entry><id>urn:e</id><title>E</title><updated>2026</updated><ef:event number="1"/>
          <content type="text" ef:media-type="a/b">x &lt; y</content></entry></feed>
        """#,
        // Other prefixes, declared where they are used, and apostrophes.
        #"""
        <?xml version='1.0' standalone='yes'?>
        <a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:id>urn:f</a:id><a:title>T &#38; U</a:title>
          <a:updated>2026-01-01T00:00:00Z</a:updated>
          <archive xmlns='http://purl.org/syndication/history/1.0'></archive>
          <a:link rel='self' href='a'></a:link>
          <a:entry xmlns:q='urn:eventfeed:1'><a:id>urn:e</a:id><a:title>E</a:title>
          <a:updated>2026</a:updated><q:event number='1'></q:event>
          <a:content q:media-type='a/b' type='text'>x &#x3C; y</a:content></a:entry></a:feed>
        """#,
        // Another order, comments, processing instructions, CDATA, white space around texts.
        #"""
        <?xml version="1.0"?>
        <!-- before --><?pi before?>
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1">
          <entry><content ef:media-type="a/b" type="text">x <![CDATA[<]]> <!-- in -->y</content>
          <ef:event number="1"/><updated> 2026
          </updated><title><![CDATA[E]]></title><id>
          urn:<?pi in?>e </id></entry>
          <link href="a" rel="http://www.iana.org/assignments/relation/self"/>
          <fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>
          <updated>2026-01-01T00:00:00Z</updated><title>T <![CDATA[& U]]></title><id>urn:f</id>
        </feed>
        <!-- after --><?pi after?>
        """#,
        // Foreign markup everywhere, with what looks like Atom in it.
        #"""
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1" xmlns:x="urn:x"
          xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="en" x:a="1">
          <x:y><id>no</id><entry><id>no</id></entry></x:y><generator uri="u">g</generator>
          <id x:a="1">urn:f<x:y>no</x:y></id><title>T &amp; U</title><id2/>
          <updated>2026-01-01T00:00:00Z</updated><fh:archive x:a="1"><id/></fh:archive>
          <link rel="self" href="a" x:a="1" more="1"><x:y/>text</link>
          <entry><source><id>no</id><title>no</title></source><rights>r</rights>
          <id>urn:e</id><title>E</title><updated>2026</updated><x:event number="2"/>
          <event number="3"/><ef:event number="1"/>
          <content type="text" ef:media-type="a/b" x:a="1"
          other="2">x &lt; y</content></entry></feed>
        """#,
    ])
    func `gives the same value`(_ text: String) throws {
        let document = try keepingParser.parse(Array(text.utf8))

        #expect(document == expected)
    }

    @Test(arguments: [
        (nil, "alternate"), ("self", "self"), ("", ""),
        ("http://example.org/r", "http://example.org/r"),
        ("http://www.iana.org/assignments/relation/prev-archive", "prev-archive"),
        ("http://www.iana.org/assignments/relation/", "http://www.iana.org/assignments/relation/"),
    ])
    func `gives relations one form`(_ written: String?, _ name: String) {
        #expect(AtomLink.Relation(written).name == name)
    }

    @Test func `resolves references against the base in scope`() throws {
        let document = feedDocument(
            """
            <link rel="a" href="x"/><link rel="b" xml:base="c/" href="x"/>
            <link rel="c" href="//other/x"/>
            <author xml:base="/p/"><name>N</name><uri>u</uri></author>
            <entry xml:base="../d/e"><id>x</id><title/><updated>u</updated><link href="?q"/>
            <content src="data/1" type="a/b"/><ef:metadata src="m" xml:base="n/"/></entry>
            """,
            attributes: #" xml:base="http://h/a/b""#
        )

        let feed = try #require(try keepingParser.parse(document).feed)

        #expect(feed.links.map(\.href) == ["http://h/a/x", "http://h/a/c/x", "http://other/x"])
        #expect(feed.authors.first?.uri == "http://h/p/u")
        let entry = try #require(feed.entries.first)
        #expect(entry.href(.alternate) == "http://h/d/e?q")
        #expect(entry.content?.src == "http://h/d/data/1")
        #expect(entry.content?.kind == .external)
        #expect(entry.extensions.first?.resolve("m") == "http://h/d/n/m")
        #expect(entry.id == "x", "an id is never resolved")
    }

    @Test func `leaves references relative where there is no absolute base`() throws {
        let feed = try #require(
            try keepingParser.parse(
                feedDocument(#"<link href="../x"/><link xml:base="a/b" href="../../x"/>"#)
            ).feed
        )

        #expect(feed.links.map(\.href) == ["../x", "../x"])
    }

    @Test(arguments: [
        (nil, AtomContent.Kind.text), ("text", .text), ("html", .html), ("xhtml", .xhtml),
        ("text/plain", .mediaText), ("TEXT/csv; a=b", .mediaText), ("application/xml", .xml),
        ("image/svg+xml ; q=1", .xml), ("text/xml", .xml), ("application/json", .base64),
        ("image/png", .base64), ("multipart/mixed", .base64),
    ])
    func `tells the kind of content by its type`(_ type: String?, _ kind: AtomContent.Kind) {
        #expect(AtomContent("", type: type).kind == kind)
    }

    @Test(arguments: [
        #"<content type="xhtml"><d xmlns="http://www.w3.org/1999/xhtml">a<b>b</b>c</d></content>"#,
        #"<content type="application/xml"><x xmlns="">ab<y/>c</x></content>"#,
        #"<content type="text">a<b/>bc</content>"#,
    ])
    func `marks content that has child elements`(_ content: String) throws {
        let entry = try #require(try keepingParser.parse(entryDocument(content)).entry)

        #expect(entry.content?.hasElements == true)
        #expect(entry.content?.text == "abc")
    }

    @Test func `keeps line ends that are references and normalises the others`() throws {
        let entry = try #require(
            try keepingParser.parse(
                entryDocument("<content>a\r\nb\rc\nd&#13;\ne&#13;&#10;f&#xD;</content>")
            ).entry
        )

        #expect(entry.content?.text == "a\nb\nc\nd\r\ne\r\nf\r")
    }

    @Test func `takes white space in content and titles as it is`() throws {
        let entry = try #require(
            try keepingParser.parse(
                entryDocument("<summary>  a \t\n </summary><content> </content>")
            )
            .entry
        )

        #expect(entry.summary == "  a \t\n ")
        #expect(entry.content?.text == " ")
    }

    @Test(arguments: [
        ("a&amp;b", "a&b"), ("&amp;#38;", "&#38;"), ("&#38;amp;", "&amp;"),
        ("&lt;&gt;&quot;", "<>\""),
        ("a\tb\nc", "a b c"), ("&#9;&#10;&#13;", "\t\n\r"), ("&apos;", "'"), ("&amp;&amp;", "&&"),
    ])
    func `reads references in attributes`(_ written: String, _ value: String) throws {
        let document = feedDocument("<category term=\"\(written)\"/>")

        #expect(try keepingParser.parse(document).feed?.categories.first?.term == value)
    }

    @Test func `lets a posted entry lack what the server sees to`() throws {
        let bytes = Array(
            #"<entry xmlns="http://www.w3.org/2005/Atom"><content>x</content></entry>"#.utf8
        )

        let entry = try AtomParser(entryRules: .posted).parse(bytes).entry

        #expect(entry?.content?.text == "x")
        #expect(entry?.id.isEmpty == true)
        #expect(fault(of: bytes)?.code == .missing)
    }

    @Test func `finds the first collection of a service`() throws {
        let bytes = Array(
            """
            <a:service xmlns:a="http://www.w3.org/2007/app" xmlns:b="http://www.w3.org/2005/Atom"
              xml:base="http://h/x/"><a:workspace><b:title>none</b:title></a:workspace>
              <a:workspace><b:title>W</b:title><y xmlns="urn:y"/><a:collection href="feed">
              <b:title type="html">C</b:title><a:accept/><a:categories fixed="yes" scheme="s">
              <b:category term="t"/></a:categories></a:collection></a:workspace></a:service>
            """.utf8
        )

        guard case .service(let service) = try keepingParser.parse(bytes) else {
            Issue.record("no service document")
            return
        }

        let collection = try #require(service.firstCollection)
        #expect(collection.href == "http://h/x/feed")
        #expect(collection.title == AtomText("C", kind: .html))
        #expect(collection.accept == [""])
        #expect(collection.categories.first?.isFixed == true)
        #expect(collection.categories.first?.categories == [AtomCategory(term: "t")])
    }
}

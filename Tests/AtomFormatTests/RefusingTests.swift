import AtomFormat
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Refusing documents` {
    @Test(arguments: [
        // An entity that would become a billion words, were document types read.
        #"""
        <!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <feed xmlns="http://www.w3.org/2005/Atom"><id>&b;</id></feed>
        """#,
        // A file of the machine, were entities fetched.
        #"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><feed>&f;</feed>"#,
        #"<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><feed/>"#,
        #"<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]><feed/>"#,
        "<!DOCTYPE html><html><body>Not found</body></html>",
        "<?xml version=\"1.0\"?>\n<!-- c -->\n<!DOCTYPE feed><feed/>",
    ])
    func `with a document type`(_ text: String) {
        #expect(fault(of: Array(text.utf8))?.code == .doctype)
    }

    @Test(arguments: [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>a</title></feed>",
        "<feed><x></feed>", "no XML at all", "{\"feed\":{}}", "<feed a=1/>",
        "<feed a=\"1\" a=\"2\"/>",
        "<feed xmlns:p=\"urn:p\" xmlns:q=\"urn:p\" p:a=\"1\" q:a=\"2\"/>", "<p:feed/>",
        "<feed p:a=\"1\"/>", "<feed>&b;</feed>", "<feed>&#0;</feed>", "<feed>&#x1;</feed>",
        "<feed>&#xD800;</feed>", "<feed>&#x110000;</feed>", "<feed>&#xFFFF;</feed>",
        "<feed>\u{0}</feed>",
        "<feed>\u{1}</feed>", "<feed a=\"\u{B}\"/>", "<feed>\u{FFFE}</feed>", "<feed a=\"<\"/>",
        "<feed>]]></feed>", "<feed><!-- -- --></feed>", "<feed><?xml version=\"1.0\"?></feed>",
        " <?xml version=\"1.0\"?><feed/>", "<feed xmlns:xml=\"urn:x\"/>", "<feed xmlns:a=\"\"/>",
        "<feed xmlns:xmlns=\"urn:x\"/>", "<a:b:c xmlns:a=\"urn:a\"/>", "<1/>",
    ])
    func `that are not well-formed`(_ text: String) throws {
        let error = try #require(fault(of: Array(text.utf8)))

        #expect(
            [.malformed, .root, .missing].contains(error.code),
            "\(error)"
        )
        // Where the root is right, it must be the syntax that is found.
        let inside = text.replacing("<feed>", with: "").replacing("</feed>", with: "")
        if text.hasPrefix("<feed>"), text.hasSuffix("</feed>") {
            #expect(fault(of: feedDocument(inside))?.code == .malformed, "\(inside)")
        }
    }

    @Test(arguments: ["<feed/>", "<a/>", "text", "<", "&", "\u{0}", "]]>", "<!DOCTYPE feed>"])
    func `with something after the root`(_ garbage: String) throws {
        let error = try #require(fault(of: feedDocument("") + Array(garbage.utf8)))

        #expect([.malformed, .doctype].contains(error.code))
    }

    @Test(arguments: [
        "<html/>", "<feed/>", "<rss version=\"2.0\"/>",
        "<title xmlns=\"http://www.w3.org/2005/Atom\"/>",
        "<feed xmlns=\"http://purl.org/atom/ns#\"/>",
        "<entry xmlns=\"http://www.w3.org/2007/app\"/>",
    ])
    func `with another root`(_ text: String) {
        #expect(fault(of: Array(text.utf8))?.code == .root)
    }

    @Test func `wherever they are cut off`() throws {
        let whole = try feedWriter.write(sampleFeed())
        // Without the last line feed it is whole.
        for length in 0..<(whole.count - 1) {
            let code = fault(of: Array(whole.prefix(length)))?.code
            #expect(code == .truncated, "\(length) bytes")
        }
        #expect(fault(of: Array(whole.dropLast())) == nil)
    }

    @Test(arguments: [
        ("<id>a</id>", "{http://www.w3.org/2005/Atom}id"),
        ("<title>a</title>", "{http://www.w3.org/2005/Atom}title"),
        ("<updated>a</updated>", "{http://www.w3.org/2005/Atom}updated"),
        ("<subtitle/><subtitle/>", "{http://www.w3.org/2005/Atom}subtitle"),
        ("<author><name>a</name><name>b</name></author>", "{http://www.w3.org/2005/Atom}name"),
    ])
    func `with two of what may be there once in a feed`(_ inside: String, _ subject: String) {
        let error = fault(of: feedDocument(inside))

        #expect(error?.code == .duplicate)
        #expect(error?.subject == subject)
    }

    @Test(arguments: ["id", "title", "updated", "content", "summary", "published"])
    func `with two of what may be there once in an entry`(_ name: String) {
        let element = "<\(name)>a</\(name)>"

        #expect(fault(of: entryDocument(element + element))?.code == .duplicate)
    }

    @Test(arguments: ["id", "title", "updated"])
    func `without what must be there`(_ name: String) throws {
        let elements = ["id", "title", "updated"].filter { $0 != name }
            .map { "<\($0)>a</\($0)>" }.joined()
        let open = #"<feed xmlns="http://www.w3.org/2005/Atom">"#
        let feed = Array("\(open)\(elements)</feed>".utf8)

        #expect(fault(of: feed)?.subject == "atom:\(name) of atom:feed")
        let entry = feedDocument("<entry>\(elements)</entry>")
        #expect(fault(of: entry)?.subject == "atom:\(name) of atom:entry")
        #expect(fault(of: entry)?.code == .missing)
    }

    @Test(arguments: [
        ("<link rel=\"self\"/>", "atom:link/@href"), ("<category/>", "atom:category/@term"),
        ("<author/>", "atom:name of atom:author"), ("<entry><id> </id></entry>", "text of atom:id"),
    ])
    func `without attributes and texts that must be there`(_ inside: String, _ subject: String) {
        #expect(fault(of: feedDocument(inside))?.subject == subject)
    }

    @Test(arguments: [
        #"<service xmlns="http://www.w3.org/2007/app"/>"#,
        #"<service xmlns="http://www.w3.org/2007/app"><workspace/></service>"#,
        #"<categories xmlns="http://www.w3.org/2007/app" fixed="maybe"/>"#,
    ])
    func `of AtomPub that are not right`(_ text: String) throws {
        let error = try #require(fault(of: Array(text.utf8)))

        #expect([.missing, .invalid].contains(error.code))
    }

    @Test func `with a text of unknown kind`() {
        let error = fault(of: feedDocument(#"<subtitle type="rtf"/>"#))

        #expect(error?.code == .invalid)
        #expect(error?.value == "rtf")
    }

    @Test func `and says where`() throws {
        let text =
            "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\n  <id>a</id>\n  <id>b</id></feed>"

        let error = try #require(fault(of: Array(text.utf8)))

        #expect(error.line == 4)
        #expect(error.column > 0)
        #expect(error.description.hasPrefix("line 4, column "))
    }

    @Test func `again and again after an error`() throws {
        var limits = AtomParser.Limits()
        limits.documentBytes = 10
        var parser = AtomDocumentParser(AtomParser(limits: limits))
        var errors: [AtomError] = []
        for _ in 0..<2 {
            do { try parser.feed(feedDocument("")) } catch { errors.append(error) }
        }
        do { _ = try parser.finish() } catch { errors.append(error) }

        #expect(errors.map(\.subject) == ["document", "document", "document"])
    }
}

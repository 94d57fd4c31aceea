import Subscriptions

// Documents that are no feeds, or not well-formed, or not allowed to be as they are.
extension Fault {
    private static let page = "<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>\n"

    /// A log-in page instead of the document, with status 200.
    public static let logInPage = answer(
        "HTML with 200",
        .wrongMediaType,
        at: .documents,
        [.answer(200, ["Content-Type: text/html; charset=utf-8"], text: page)]
    )

    /// Media types, right ones in unusual forms and wrong ones.
    public static let mediaTypes: [Fault] = [
        logInPage,
        answer(
            "HTML for a value",
            .changedDocument,
            at: [.value],
            [.answer(200, ["Content-Type: text/html; charset=utf-8"], text: page)]
        ),
        answer(
            "HTML as Atom",
            .malformedDocument,
            at: .documents,
            [.answer(200, ["Content-Type: application/atom+xml"], text: page)]
        ),
        change("the media type of HTML", .wrongMediaType, at: .documents) {
            $0["Content-Type"] = "text/html"
        },
        change("the media type of JSON", .wrongMediaType, at: .documents) {
            $0["Content-Type"] = "application/json"
        },
        change("a media type that is none", .wrongMediaType, at: .documents) {
            $0["Content-Type"] = "atom"
        },
        change("no media type", .malformedDocument) { $0["Content-Type"] = nil }
            .reporting(nil, at: .value),
        change("the media type of XML", nil, at: .documents) {
            $0["Content-Type"] = "text/xml; charset=us-ascii"
        },
        change("another media type of XML", nil, at: .documents) {
            $0["Content-Type"] = "application/xml"
        },
        change("a media type in capitals", nil, at: .documents) {
            $0["Content-Type"] = "APPLICATION/ATOM+XML ; TYPE=FEED"
        },
    ]

    private static let root = "<feed xmlns=\"http://www.w3.org/2005/Atom\""

    /// Puts text behind the XML declaration.
    private static func prolog(
        _ name: String,
        _ code: SourceError.Code?,
        _ text: String,
        andInside inside: String = ""
    ) -> Fault {
        document(name, code) {
            $0.replacing("?>\n<feed", with: "?>\n\(text)\n<feed")
                .replacing("<title>", with: "<title>\(inside)", maxReplacements: 1)
        }
    }

    /// Puts text at the end of the feed, inside it.
    private static func inside(_ name: String, _ code: SourceError.Code?, _ text: String) -> Fault {
        document(name, code) { $0.replacing("</feed>\n", with: "\(text)</feed>\n") }
    }

    /// XML that is broken, forbidden or out of bounds, and feeds without the facts of ours.
    public static let documents: [Fault] = notWellFormed + types + outOfBounds + facts

    private static let notWellFormed: [Fault] = [
        document("XML that is cut off", .malformedDocument) { String($0.dropLast(20)) },
        document("XML cut off in its first tag", .malformedDocument) { String($0.prefix(60)) },
        inside("a tag that is not closed", .malformedDocument, "<a><b></a>"),
        inside("an undeclared prefix", .malformedDocument, "<q:a/>"),
        inside("an undeclared entity", .malformedDocument, "<a>&nbsp;</a>"),
        inside("a forbidden character", .malformedDocument, "<a>\u{1}</a>"),
        inside("a reference to a forbidden character", .malformedDocument, "<a>&#0;</a>"),
        document("two roots", .malformedDocument) { $0 + "<feed/>" },
        document("garbage behind the root", .malformedDocument) { $0 + "\u{0}\u{0}" },
        change("bytes that are no UTF-8", .malformedDocument, at: .documents) {
            $0.body.replace(Array("<title>".utf8), with: Array("<title>".utf8) + [0xC3, 0x28])
        },
        document("text before the declaration", .malformedDocument) { "\n" + $0 },
        document("no declaration", nil) { $0.replacing(/^<\?xml[^>]*>\n/, with: "") },
        inside(
            "comments, instructions and foreign elements",
            nil,
            "<!-- a --><?b c?><d xmlns=''/>"
        ),
    ]

    private static let types: [Fault] = [
        prolog("a DTD", .malformedDocument, "<!DOCTYPE feed>"),
        prolog(
            "a DTD elsewhere",
            .malformedDocument,
            "<!DOCTYPE feed SYSTEM \"file:///dev/zero\">"
        ),
        prolog(
            "an entity",
            .malformedDocument,
            "<!DOCTYPE feed [<!ENTITY a 'b'>]>",
            andInside: "&a;"
        ),
        prolog(
            "an entity from a file",
            .malformedDocument,
            "<!DOCTYPE feed [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
            andInside: "&a;"
        ),
        prolog(
            "entities that multiply",
            .malformedDocument,
            "<!DOCTYPE feed [<!ENTITY a0 'lol'>"
                + (1..<40).map { level in
                    let before = String(repeating: "&a\(level - 1);", count: 10)
                    return "<!ENTITY a\(level) '\(before)'>"
                }.joined() + "]>",
            andInside: "&a39;"
        ),
    ]

    private static let outOfBounds: [Fault] = [
        inside(
            "elements a thousand deep",
            .tooLarge,
            String(repeating: "<a>", count: 1_000) + String(repeating: "</a>", count: 1_000)
        ),
        inside(
            "a thousand attributes",
            .tooLarge,
            "<a " + (0..<1_000).map { "b\($0)=''" }.joined(separator: " ") + "/>"
        ),
        inside(
            "an attribute of 100 kilobytes",
            .tooLarge,
            "<link href='\(String(repeating: "x", count: 100_000))'/>"
        ),
        inside("a thousand links", .tooLarge, String(repeating: "<link href='x'/>", count: 1_000)),
        inside(
            "a comment of ten megabytes",
            .tooLarge,
            "<!-- \(String(repeating: "x", count: 10_000_000)) -->"
        ),
    ]

    private static let facts: [Fault] = [
        document("a feed without ef:feed", .malformedDocument) {
            $0.replacing(/<ef:feed [^>]*>/, with: "")
        }.reporting(.notAnEventFeed, at: .head),
        document("facts in another namespace", .malformedDocument) {
            $0.replacing("urn:eventfeed:1", with: "urn:eventfeed:7")
        }.reporting(.notAnEventFeed, at: .head),
        document("facts twice", .malformedDocument) { text in
            text.replacing(/<ef:feed [^>]*>/) { $0.output + $0.output }
        },
        document("an entry document", .malformedDocument) { _ in
            "\(root.replacing("<feed", with: "<entry"))><id>urn:x</id><title/>"
                + "<updated>2026-01-01T00:00:00Z</updated></entry>"
        }.reporting(.notAnEventFeed, at: .head),
        document("another format", .unsupportedFormat) {
            $0.replacing(" format=\"1\"", with: " format=\"2\"")
        },
        document("no epoch", .malformedDocument) { $0.replacing(" epoch=", with: " oops=") },
        document("an epoch that is none", .malformedDocument) {
            $0.replacing(/\ epoch="[^"]*"/, with: " epoch=\"new\"")
        },
        document("no chain", .malformedDocument) { $0.replacing(" chain=", with: " oops=") },
        document("a chain that is none", .malformedDocument) {
            $0.replacing(/\ chain="[^"]*"/, with: " chain=\"ab\"")
        },
        document("a page size of 9", .malformedDocument) {
            $0.replacing(/\ page-size="[^"]*"/, with: " page-size=\"9\"")
        },
        document("a page size of millions", .malformedDocument) {
            $0.replacing(/\ page-size="[^"]*"/, with: " page-size=\"5000000\"")
        },
        document("a page size that is too large for a number", .malformedDocument) {
            $0.replacing(/\ page-size="[^"]*"/, with: " page-size=\"99999999999999999999\"")
        },
        document("a number with a sign", .malformedDocument) {
            $0.replacing(" number=\"", with: " number=\"+")
        },
        document("no head", .malformedDocument, at: [.after]) {
            $0.replacing(/\ head="[^"]*"/, with: "")
        },
        document("a filter that nobody asked for", .malformedDocument, at: [.after]) {
            $0.replacing(" chain=", with: " filter=\"type=A\" chain=")
        },
        document("unknown facts", nil) {
            $0.replacing("<ef:feed ", with: "<ef:feed new=\"1\" ")
                .replacing("</feed>", with: "<ef:news a=\"b\">c</ef:news></feed>")
        },
    ]
}

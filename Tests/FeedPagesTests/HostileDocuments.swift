import EventModel
import FeedPages

/// A document that a reader must refuse, made of a sound one by one change.
struct HostileDocument: Sendable, CustomStringConvertible {
    /// The file's name without extension.
    let name: String
    /// What is wrong with it, in one line.
    let fault: String
    /// What a reader says.
    let code: FeedFormatError.Code
    /// What is replaced by what, in order; the first occurrence each.
    let changes: [(String, String)]

    var description: String { name }

    init(
        _ name: String,
        _ fault: String,
        _ code: FeedFormatError.Code,
        _ changes: (String, String)...
    ) {
        self.name = name
        self.fault = fault
        self.code = code
        self.changes = changes
    }

    /// The bytes of the document.
    func bytes() throws -> [UInt8] {
        var history = try History()
        try history.add("loan-1", "Requested", .json(#"{"amount":1}"#))
        try history.add("loan-1", "Scanned", Payload([0, 1], mediaType: .octetStream))
        let large = Array(repeating: UInt8(ascii: "x"), count: 65_537)
        try history.add("loan-2", "Attached", Payload(large, mediaType: .plainText))
        var text = String(decoding: try history.after("after=0"), as: UTF8.self)
        for (old, new) in changes {
            guard text.contains(old) else { throw Unchanged(text: old) }
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return Array(text.utf8)
    }

    /// A change that changes nothing.
    struct Unchanged: Error {
        let text: String
    }

    static let all: [HostileDocument] = wellFormedness + facts + entries + values

    private static let wellFormedness = [
        HostileDocument("cut-off", "the end is missing", .malformed, ("</feed>\n", "")),
        HostileDocument(
            "not-well-formed",
            "a tag that is not closed",
            .malformed,
            ("</title>", "")
        ),
        HostileDocument(
            "trailing-garbage",
            "text after the root",
            .malformed,
            ("</feed>\n", "</feed>\ngarbage\n")
        ),
        HostileDocument(
            "doctype",
            "a document type declaration with an entity",
            .malformed,
            ("<feed ", "<!DOCTYPE feed [<!ENTITY x \"y\">]>\n<feed "),
            ("EventFeed</title>", "&x;</title>")
        ),
        HostileDocument(
            "encoding",
            "an encoding that is none of those allowed",
            .malformed,
            ("encoding=\"utf-8\"", "encoding=\"windows-1252\"")
        ),
        HostileDocument(
            "deep",
            "65 elements within elements",
            .tooLarge,
            (
                "  <link rel=\"self\"",
                "  " + String(repeating: "<ef:x>", count: 64)
                    + String(repeating: "</ef:x>", count: 64) + "\n  <link rel=\"self\""
            )
        ),
        HostileDocument(
            "html",
            "an HTML page that is well-formed",
            .notAnEventFeed,
            ("<feed xmlns=\"http://www.w3.org/2005/Atom\"", "<html"),
            ("</feed>", "</html>")
        ),
    ]

    private static let facts = [
        HostileDocument(
            "plain-atom",
            "an Atom feed without ef:feed",
            .notAnEventFeed,
            ("<ef:feed ", "<ef:fed ")
        ),
        HostileDocument(
            "other-namespace",
            "ef:feed in another namespace",
            .notAnEventFeed,
            ("urn:eventfeed:1", "urn:eventfeed:2")
        ),
        HostileDocument(
            "two-facts",
            "two elements ef:feed",
            .repeated,
            ("  <link rel=\"self\"", "  <ef:feed/>\n  <link rel=\"self\"")
        ),
        HostileDocument(
            "format-2",
            "another format",
            .unknownFormat,
            ("format=\"1\"", "format=\"2\"")
        ),
        HostileDocument(
            "no-epoch",
            "ef:feed without epoch",
            .missing,
            ("ef:feed epoch=", "ef:feed x=")
        ),
        HostileDocument(
            "epoch-not-uuid",
            "an epoch that is no UUID",
            .invalidValue,
            ("epoch=\"0b6ffb5e-", "epoch=\"0b6ffb5g-")
        ),
        HostileDocument(
            "no-chain",
            "ef:feed without chain",
            .missing,
            (" chain=\"", " chained=\"")
        ),
        HostileDocument(
            "chain-short",
            "a chain of 63 digits",
            .invalidValue,
            ("chain-after=\"f", "chain-after=\"")
        ),
        HostileDocument(
            "leading-zero",
            "a number with a leading zero",
            .invalidValue,
            ("scanned-to=\"3\"", "scanned-to=\"03\"")
        ),
        HostileDocument(
            "scanned-beyond-head",
            "scanned-to beyond the head",
            .invalidValue,
            ("head=\"3\"", "head=\"2\"")
        ),
        HostileDocument(
            "scanned-before-after",
            "scanned-to below after",
            .invalidValue,
            ("after=\"0\" scanned-to=\"3\"", "after=\"4\" scanned-to=\"3\"")
        ),
        HostileDocument(
            "page-size",
            "a page size of 9",
            .invalidValue,
            ("page-size=\"10\"", "page-size=\"9\"")
        ),
        HostileDocument(
            "not-a-page",
            "a complete page whose numbers are no page",
            .invalidValue,
            ("head=\"3\" after=\"0\"", "first=\"1\" last=\"3\" chain-before=\"\"")
        ),
    ]

    private static let entries = [
        HostileDocument(
            "hole",
            "event 2 is missing",
            .hole,
            ("number=\"2\"", "number=\"9\""),
            ("number=\"9\"", "number=\"4\""),
            ("head=\"3\"", "head=\"4\""),
            ("scanned-to=\"3\"", "scanned-to=\"4\"")
        ),
        HostileDocument(
            "too-few",
            "fewer events than scanned-to says",
            .hole,
            ("head=\"3\"", "head=\"4\""),
            ("scanned-to=\"3\"", "scanned-to=\"4\"")
        ),
        HostileDocument(
            "out-of-bounds",
            "an event beyond scanned-to",
            .hole,
            ("scanned-to=\"3\"", "scanned-to=\"2\"")
        ),
        HostileDocument(
            "highest-number",
            "a document that begins after the highest number",
            .hole,
            ("head=\"3\"", "head=\"9223372036854775807\""),
            (
                "after=\"0\" scanned-to=\"3\"",
                """
                after="9223372036854775807" scanned-to="9223372036854775807"
                """
            )
        ),
        HostileDocument(
            "highest-scanned-to",
            "fewer events than the highest scanned-to says",
            .hole,
            ("head=\"3\"", "head=\"9223372036854775807\""),
            ("scanned-to=\"3\"", "scanned-to=\"9223372036854775807\"")
        ),
        HostileDocument(
            "one-number-twice",
            "two different events with one number",
            .conflictingEntries,
            ("number=\"2\"", "number=\"1\"")
        ),
        HostileDocument(
            "one-id-twice",
            "two events with one id",
            .conflictingEntries,
            (
                "<id>urn:uuid:0c490830-b707-5027-ae77-102290beafe2",
                "<id>urn:uuid:1bcc001d-28a7-5bc2-8939-bcb8eb8b9944"
            )
        ),
        HostileDocument(
            "no-event",
            "an entry without ef:event",
            .missing,
            ("<ef:event ", "<ef:even ")
        ),
        HostileDocument(
            "two-events",
            "an entry with two ef:event",
            .repeated,
            ("    <category ", "    <ef:event/>\n    <category ")
        ),
        HostileDocument(
            "no-id",
            "an entry without id",
            .missing,
            ("<entry>\n    <id>urn:uuid:1bcc001d-28a7-5bc2-8939-bcb8eb8b9944</id>", "<entry>")
        ),
        HostileDocument(
            "two-ids",
            "an entry with two ids",
            .repeated,
            ("<entry>\n", "<entry>\n    <id>urn:uuid:1bcc001d-28a7-5bc2-8939-bcb8eb8b9944</id>\n")
        ),
        HostileDocument(
            "id-not-uuid",
            "an entry whose id is no UUID",
            .invalidValue,
            ("<id>urn:uuid:1bcc001d", "<id>tag:example.org,2026:")
        ),
        HostileDocument(
            "number-0",
            "an event number 0",
            .invalidValue,
            ("number=\"1\"", "number=\"0\"")
        ),
        HostileDocument(
            "version-missing",
            "an event without version",
            .missing,
            ("version=\"1\" type=", "type=")
        ),
        HostileDocument(
            "stream-name",
            "a stream name with a control character",
            .invalidValue,
            ("stream=\"loan-1\"", "stream=\"loan&#9;1\"")
        ),
        HostileDocument(
            "recorded-at",
            "a recorded-at that is text",
            .invalidValue,
            ("recorded-at=\"1767225601500001\"", "recorded-at=\"2026-01-01\"")
        ),
        HostileDocument(
            "two-metadata",
            "an entry with two ef:metadata",
            .repeated,
            (
                "    <content ",
                "    <ef:metadata>a</ef:metadata>\n    <ef:metadata>a</ef:metadata>\n    <content "
            )
        ),
    ]

    private static let values = [
        HostileDocument(
            "no-content",
            "an entry without content",
            .missing,
            ("<content type=\"text\"", "<ef:x"),
            ("</content>", "</ef:x>")
        ),
        HostileDocument(
            "two-contents",
            "an entry with two contents",
            .repeated,
            ("    <content ", "    <content>a</content>\n    <content ")
        ),
        HostileDocument("not-base64", "base64 that is none", .invalidValue, (">AAE=<", ">AAE<")),
        HostileDocument(
            "encoding-unknown",
            "another encoding than base64",
            .invalidValue,
            ("ef:encoding=\"base64\"", "ef:encoding=\"gzip\"")
        ),
        HostileDocument(
            "inline-xml",
            "child elements instead of text",
            .invalidValue,
            (
                "<content type=\"text\" ef:media-type=\"application/json\">",
                "<content type=\"application/xml\"><a/>"
            )
        ),
        HostileDocument(
            "media-type",
            "a media type that is none",
            .invalidValue,
            ("ef:media-type=\"application/json\"", "ef:media-type=\"json\"")
        ),
        HostileDocument(
            "no-length",
            "a value out of line without length",
            .missing,
            (" ef:length=\"65537\"", "")
        ),
        HostileDocument(
            "no-digest",
            "a value out of line without digest",
            .missing,
            (" ef:digest=", " ef:digested=")
        ),
        HostileDocument(
            "length-negative",
            "a value out of line whose length is negative",
            .invalidValue,
            ("ef:length=\"65537\"", "ef:length=\"-1\"")
        ),
    ]
}

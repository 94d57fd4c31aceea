import Subscriptions

/// The text of a feed document, cut into what is before, in and behind its entries.
struct DocumentText: Sendable {
    var beginning: String
    var entries: [String]
    var end: String

    init(_ text: String) {
        let mark = "  <entry>\n"
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        beginning = parts.first.map(String.init) ?? ""
        entries = parts.dropFirst().map { mark + $0 }
        end = "</feed>\n"
        if let last = entries.popLast() { entries.append(last.replacing(end, with: "")) }
        if entries.isEmpty { beginning = beginning.replacing(end, with: "") }
    }

    var text: String { beginning + entries.joined() + end }
}

// Entries that are not what they were.
extension Fault {
    private static func entries(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place> = .documents,
        _ change: @escaping @Sendable (inout [String]) -> Void
    ) -> Fault {
        document(name, code, at: places) {
            var document = DocumentText($0)
            // An answer without events has nothing to change.
            if !document.entries.isEmpty { change(&document.entries) }
            return document.text
        }
    }

    /// A change in the first entry.
    private static func entry(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place> = .documents,
        _ change: @escaping @Sendable (String) -> String
    ) -> Fault {
        entries(name, code, at: places) { $0[0] = change($0[0]) }
    }

    /// An event that is not the one that was recorded: nothing but the chain shows it.
    private static func changed(
        _ what: String,
        _ change: @escaping @Sendable (String) -> String
    ) -> Fault {
        // Of the head document a reader that has pages to fetch takes the facts alone.
        entry("an event with \(what)", .changedDocument, change).reporting(nil, at: .head)
    }

    /// Entries that are missing, repeated, changed, broken or huge.
    public static let entries: [Fault] = missing + repeated + changed + broken + huge

    private static let missing: [Fault] = [
        entries("the first entry missing", .hole) { $0.removeFirst() },
        entries("an entry missing", .hole) { $0.remove(at: $0.count / 2) },
        entries("the last entry missing", .hole) { $0.removeLast() },
        entries("all entries missing", .hole) { $0 = [] },
        entry("an entry of another place", .hole) {
            $0.replacing(/\ number="[^"]*"/, with: " number=\"777\"")
        },
    ]

    private static let repeated: [Fault] = [
        entries("an entry twice", nil) { $0.append($0[0]) },
        entries("all entries twice", nil) { $0 += $0 },
        entries("an entry twice and one missing", .hole) { $0[$0.count - 1] = $0[0] },
        entries("two different entries with one number", .malformedDocument) {
            $0.append($0[0].replacing(/>\{.*}</, with: ">{}<"))
        },
        entries("two entries with one id", .malformedDocument) { entries in
            guard let id = entries[0].firstMatch(of: /<id>.*<\/id>/)?.output else { return }
            entries[1].replace(/<id>.*<\/id>/, with: id)
        },
    ]

    private static let changed: [Fault] = [
        changed("other data") { $0.replacing(/text" ef:.*<\/content>/, with: "text\"></content>") },
        changed("another type") { $0.replacing(/\ type="[^"]*" rec/, with: " type=\"X\" rec") },
        changed("another stream") { $0.replacing(/\ stream="[^"]*"/, with: " stream=\"x\"") },
        changed("another version") { $0.replacing(/\ version="[^"]*"/, with: " version=\"77\"") },
        changed("another time") {
            $0.replacing(/\ recorded-at="[^"]*"/, with: " recorded-at=\"1767225600000000\"")
        },
        changed("another id") {
            $0.replacing(/<id>.*<\/id>/, with: "<id>urn:uuid:\(Self.anyID)</id>")
        },
        changed("another media type") {
            $0.replacing(/media-type="[^"]*"/, with: "media-type=\"text/plain\"")
        },
        changed("other metadata") {
            $0.replacing(/<ef:metadata.*\n/, with: "")
                .replacing("</entry>", with: "<ef:metadata type=\"text\">x</ef:metadata></entry>")
        },
    ]

    private static let anyID = "11111111-2222-4333-8444-555555555555"

    private static let broken: [Fault] = [
        entry("an entry that is no event", .malformedDocument) {
            $0.replacing(/<ef:event [^>]*>/, with: "")
        },
        entry("an entry that is two events", .malformedDocument) { text in
            text.replacing(/<ef:event [^>]*>/) { $0.output + $0.output }
        },
        entry("an entry without content", .malformedDocument) {
            $0.replacing(/<content.*\n/, with: "")
        },
        entry("an entry without an id", .malformedDocument) { $0.replacing(/<id>.*\n/, with: "") },
        entry("an id that is none", .malformedDocument) {
            $0.replacing(/<id>.*\n/, with: "<id>urn:x</id>")
        },
        entry("a number of 0", .malformedDocument) {
            $0.replacing(/\ number="[^"]*"/, with: " number=\"0\"")
        },
        entry("a number that is too large for a number", .malformedDocument) {
            $0.replacing(/\ number="[^"]*"/, with: " number=\"9223372036854775808\"")
        },
        entry("markup as data", .malformedDocument) {
            $0.replacing(/<content.*\n/, with: "<content type=\"xhtml\"><div/></content>")
        },
        entry("base64 that is none", .malformedDocument) {
            $0.replacing(/<content.*\n/, with: "<content type=\"image/png\">%%</content>")
        },
    ]

    private static let huge: [Fault] = [
        entry("an entry of ten megabytes", .tooLarge) {
            let text = String(repeating: "x", count: 10_000_000)
            return $0.replacing(/<content.*\n/, with: "<content>\(text)</content>")
        },
        entry("an entry with much that is foreign", nil) {
            let text = String(repeating: "<x>y</x>", count: 20_000)
            return $0.replacing("</entry>", with: "<z xmlns='urn:z'>\(text)</z></entry>")
        },
        entries("more entries than an answer may have", .tooLarge) { entries in
            entries = Array(repeating: entries[0], count: 1_001)
        },
    ]

    /// The same document written otherwise, which a reader has to take as the same.
    public static let rewritings: [Fault] = [
        entries("entries in another order", nil) { $0.reverse() },
        entries("entries in no order", nil) { $0 = Array($0.dropFirst(3)) + $0.prefix(3) },
        document("another prefix", nil) {
            $0.replacing("xmlns:ef=", with: "xmlns:q=").replacing("<ef:", with: "<q:")
                .replacing("</ef:", with: "</q:").replacing(" ef:", with: " q:")
        },
        entry("data in pieces of CDATA", nil) { text in
            text.replacing(/json">\{(.*)}</) { "json\"><![CDATA[{]]>\($0.1)<![CDATA[}]]><" }
        },
        entry("data with comments in it", nil) { $0.replacing(">{", with: "><!-- a --><?b c?>{") },
        entry("data in character references", nil) { $0.replacing(">{", with: ">&#x7B;") },
        document("other white space", nil) {
            $0.replacing("\n  ", with: "\r\n\t \t").replacing("/>", with: " />")
        },
        document("other titles, times and categories", nil) {
            $0.replacing(/<title>.*<\/title>/, with: "<title>?</title>")
                .replacing(
                    /<updated>.*<\/updated>/,
                    with: "<updated>1999-01-01T00:00:00Z</updated>"
                )
                .replacing(/<category .*\n/, with: "")
        },
        document("another author and generator", nil) {
            $0.replacing(/<author>.*<\/author>/, with: "<author><name>x</name></author>")
                .replacing("</feed>", with: "<generator>y</generator></feed>")
        },
    ]
}

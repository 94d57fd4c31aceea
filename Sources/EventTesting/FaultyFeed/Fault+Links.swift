import Subscriptions

// Links, references and redirects that lead elsewhere, or nowhere.
extension Fault {
    private static let elsewhere = "http://127.0.0.2:1/x"

    private static func links(
        _ name: String,
        _ code: SourceError.Code?,
        _ link: @escaping @Sendable (Substring) -> String
    ) -> Fault {
        document(name, code) { text in
            text.replacing(/\ \ <link rel="([a-z-]+)" href="[^"]*"\/>\n/) { link($0.1) }
        }
    }

    /// The reference of a value out of line, replaced.
    private static func source(_ name: String, _ reference: String) -> Fault {
        document("a value \(name)", .malformedDocument, at: .deliveries) {
            $0.replacing(/\ src="[^"]*"/, with: " src=\"\(reference)\"")
        }
    }

    /// Links in circles, links to elsewhere, and references under `xml:base`.
    public static let links: [Fault] =
        [
            links("links in circles", nil) { "<link rel=\"\($0)\" href=\"\"/>" },
            links("links to elsewhere", nil) { "<link rel=\"\($0)\" href=\"\(elsewhere)\"/>" },
            links("links to another scheme", nil) {
                "<link rel=\"\($0)\" href=\"file:///etc/passwd\"/>"
            },
            links("links that are none", nil) { "<link rel=\"\($0)\" href=\"ht tp://[%\"/>" },
            links("no links", nil) { _ in "" },
            links("relations as addresses", nil) {
                "<link rel=\"http://www.iana.org/assignments/relation/\($0)\" href=\"\"/>"
            },
            source("elsewhere", elsewhere),
            source("elsewhere, in the same scheme", "//127.0.0.2:1/x"),
            source("in another scheme", "https://127.0.0.1/x"),
            source("in a file", "file:///etc/passwd"),
            source("in itself", "data:text/plain,x"),
            document("a value of terabytes", .tooLarge, at: .deliveries) {
                $0.replacing(/\ (ef:)?length="[^"]*"/, with: " ef:length=\"9000000000000\"")
            },
            document("a value with another digest", .changedDocument, at: .deliveries) {
                $0.replacing(/\ ef:digest="[^"]*"/, with: " ef:digest=\"\(noDigest)\"")
            },
            document("a value without a digest", .malformedDocument, at: .deliveries) {
                $0.replacing(/\ ef:digest="[^"]*"/, with: "")
            },
            document("xml:base elsewhere", .malformedDocument, at: .deliveries) {
                $0.replacing("<feed ", with: "<feed xml:base=\"\(elsewhere)\" ")
            },
            document("xml:base elsewhere in a head document", nil, at: [.head]) {
                $0.replacing("<feed ", with: "<feed xml:base=\"\(elsewhere)\" ")
            },
        ] + bases

    private static let noDigest = String(repeating: "0", count: 64)

    /// References that are right, but under another base than the document's address.
    private static let bases: [Fault] = [
        Fault("xml:base as an address", reporting: nil, at: .deliveries) { occurrence in
            let host = occurrence.request["Host"] ?? ""
            return [rebased(occurrence, feed: "http://\(host)/some/folder/", entry: nil).step]
        },
        Fault("xml:base in two steps", reporting: nil, at: .deliveries) { occurrence in
            [rebased(occurrence, feed: "/some/", entry: "folder/x").step]
        },
    ]

    private static func rebased(
        _ occurrence: Occurrence,
        feed: String,
        entry: String?
    ) -> FeedAnswer {
        // References of a page are relative to its folder, those of other documents to the root.
        let folder =
            occurrence.place == .page
            ? occurrence.request.target.split(separator: "/").dropLast() : []
        let way = (["..", ".."] + folder.map(String.init)).joined(separator: "/")
        var answer = occurrence.answer
        answer.text = answer.text
            .replacing("<feed ", with: "<feed xml:base=\"\(feed)\" ")
            .replacing(/\ src="([^"]*)"/) { " src=\"\(way)/\($0.1)\"" }
        if let entry {
            answer.text = answer.text.replacing("<entry>", with: "<entry xml:base=\"\(entry)\">")
        }
        return answer
    }
}

extension Fault {
    private static func redirect(
        _ name: String,
        _ code: SourceError.Code?,
        status: Int = 302,
        at places: Set<Place> = Set(Place.allCases),
        _ location: @escaping @Sendable (String) -> String
    ) -> Fault {
        Fault(name, reporting: code, at: places) {
            [.answer(status, ["Location: \(location($0.request.target))"])]
        }
    }

    /// Redirects: such as are followed, in circles, without end, and to where nobody goes.
    public static let redirects: [Fault] =
        [301, 302, 303, 307, 308].map { status in
            redirect("redirect \(status)", nil, status: status) { Detour.to($0, "short", 0) }
        } + [
            redirect("five redirects in a row", nil) { Detour.to($0, "short", 4) },
            redirect("six redirects in a row", .forbiddenRedirect) { Detour.to($0, "short", 5) },
            redirect("a redirect to itself", .forbiddenRedirect) { $0 },
            redirect("a ring of redirects", .forbiddenRedirect) { Detour.to($0, "ring", 0) },
            redirect("redirects without end", .forbiddenRedirect) { Detour.to($0, "endless", 0) },
            answer("a redirect without a place", .forbiddenRedirect, [.answer(302)]),
            redirect("a redirect to nothing", .forbiddenRedirect) { _ in "" },
            redirect("a redirect of a value elsewhere", .forbiddenRedirect, at: [.value]) { _ in
                elsewhere
            },
            redirect("a redirect to where nobody listens", .unreachable, at: .documents) { _ in
                "http://127.0.0.1:1/x"
            },
        ]
        + [
            "ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "data:text/plain,x",
            "mailto:a@b.example", "http://", "http:///x", "http://[::1",
        ].map { address in
            redirect("a redirect to \(address)", .forbiddenRedirect) { _ in address }
        }
}

import EventModel
import Testing

@Suite struct `The name of a stream or a type` {
    @Test(arguments: [
        "a", "tab-42", "a b", "caf\u{E9}", "cafe\u{301}", "💥", "\u{10FFFF}", "a/b?c#d%20", "...",
        ".a", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{FFFD}", "\u{E000}", "-", "\"'<>&\\",
        String(repeating: "x", count: 512), String(repeating: "\u{E9}", count: 256),
    ])
    func `may be any text without control characters`(_ text: String) throws {
        #expect(try StreamName(text).text.utf8.elementsEqual(text.utf8))
        #expect(try EventType(text).text.utf8.elementsEqual(text.utf8))
    }

    @Test(
        arguments: [
            ("", .empty),
            (" a", .surroundingSpace), ("a ", .surroundingSpace), (" ", .surroundingSpace),
            ("a\u{0}", .forbiddenCharacter("\u{0}")), ("\u{1F}a", .forbiddenCharacter("\u{1F}")),
            ("a\nb", .forbiddenCharacter("\n")), ("a\r\nb", .forbiddenCharacter("\r")),
            ("a\tb", .forbiddenCharacter("\t")), ("a\u{7F}", .forbiddenCharacter("\u{7F}")),
            ("a\u{80}", .forbiddenCharacter("\u{80}")), ("a\u{9F}", .forbiddenCharacter("\u{9F}")),
            ("a\u{FFFE}", .forbiddenCharacter("\u{FFFE}")),
            ("a\u{FFFF}", .forbiddenCharacter("\u{FFFF}")),
            (String(repeating: "x", count: 513), .tooLong(bytes: 513, limit: 512)),
            (String(repeating: "\u{E9}", count: 257), .tooLong(bytes: 514, limit: 512)),
        ] as [(String, InvalidName.Reason)]
    )
    func `is refused with the rule that it breaks`(text: String, reason: InvalidName.Reason) {
        let stream = #expect(throws: InvalidName.self) { try StreamName(text) }
        let type = #expect(throws: InvalidName.self) { try EventType(text) }

        #expect(stream?.reason == reason)
        #expect(stream?.kind == .stream)
        #expect(type?.reason == reason)
        #expect(type?.kind == .type)
    }

    @Test(arguments: [".", ".."])
    func `is no dot segment where it names a stream`(_ text: String) throws {
        let error = #expect(throws: InvalidName.self) { try StreamName(text) }

        #expect(error?.reason == .dotSegment)
        #expect(try EventType(text).text == text)
    }

    @Test func `is compared byte by byte`() throws {
        let composed = try StreamName("caf\u{E9}")
        let decomposed = try StreamName("cafe\u{301}")

        #expect(composed.text == decomposed.text, "Swift's strings are canonically equal")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
        #expect(composed == (try StreamName("caf\u{E9}")))
        #expect(try StreamName("tab-1") != StreamName("Tab-1"))
        #expect(try StreamName("ab") > StreamName("aa") && StreamName("a") < StreamName("aa"))
    }

    @Test(arguments: [
        ("tab-42", "tab"), ("tab", "tab"), ("tab-42-x", "tab"), ("tab--42", "tab"),
        ("caf\u{E9}-1", "caf\u{E9}"), ("a-\u{301}b", "a"), ("tab_42", "tab_42"),
    ])
    func `begins with the category`(name: String, category: String) throws {
        #expect(try StreamName(name).category == StreamCategory(category))
    }

    @Test func `shows only its beginning in an error`() {
        let text = String(repeating: "y", count: 10_000)

        let error = #expect(throws: InvalidName.self) { try EventType(text) }

        #expect(error?.text.count == 64)
        #expect(error?.description.contains("10000 bytes") == true)
    }
}

@Suite struct `A media type` {
    @Test(
        arguments: [
            ("application/json", "application/json", true, true),
            ("Application/JSON", "application/json", true, true),
            ("application/vnd.api+json", "application/vnd.api+json", true, true),
            ("application/json; charset=utf-8", "application/json", true, true),
            ("application/json;charset=\"UTF-8\"", "application/json", true, true),
            ("text/plain ; Charset=ISO-8859-1", "text/plain", false, false),
            ("text/html;a=\"x;charset=no\";charset=utf-8", "text/html", false, true),
            ("application/atom+xml", "application/atom+xml", false, true),
            ("image/png", "image/png", false, false),
            ("application/jsonl", "application/jsonl", false, false),
            ("application/octet-stream", "application/octet-stream", false, false),
            ("x!#$%&'*+-.^_`|~/y", "x!#$%&'*+-.^_`|~/y", false, false),
            ("text/plain;charset=utf-8;charset=latin1", "text/plain", false, false),
            ("text/plain;a=\"\\\"\"", "text/plain", false, true),
            ("text/plain;", "text/plain", false, true),
            ("application/json ;; ;", "application/json", true, true),
            ("text/plain;;charset=latin1;", "text/plain", false, false),
        ] as [(String, String, Bool, Bool)]
    )
    func `is kept as given and understood without regard to case`(
        text: String,
        essence: String,
        isJSON: Bool,
        isText: Bool
    ) throws {
        let type = try MediaType(text)

        #expect(type.text == text)
        #expect(type.essence == essence)
        #expect(type.isJSON == isJSON)
        #expect(type.isUTF8Text == isText)
    }

    @Test(arguments: [
        "json", "/", "application/", "/json", "application//json", "application/json ",
        "application/json; ", "application/json;;=", "application/json; charset",
        "application/json;charset", "application/json;charset=",
        "application/json;=utf-8", "application/json;charset=\"utf-8", "a/b;c=\"\u{E9}\"",
        "text/plain\n", "text/plain, text/html", "text /plain", "t\u{E9}xt/plain", "a/b;c=d e=f",
        " text/plain",
    ])
    func `is refused where it breaks the grammar`(_ text: String) {
        let error = #expect(throws: InvalidName.self) { try MediaType(text) }

        #expect(error?.reason == .notAMediaType)
    }

    @Test func `has at most 255 bytes`() throws {
        let longest = "text/" + String(repeating: "x", count: 250)

        #expect(try MediaType(longest).text == longest)
        let error = #expect(throws: InvalidName.self) { try MediaType(longest + "x") }
        #expect(error?.reason == .tooLong(bytes: 256, limit: 255))
        let empty = #expect(throws: InvalidName.self) { try MediaType("") }
        #expect(empty?.reason == .empty)
    }
}

import EventModel
import FeedPages
import Testing

@Suite struct `JSON` {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1.0", "1e400", "-1E-400", "1e+5", "0.1", "\"\"",
        " [ ] ", "{}", "\t\r\n{ \"a\" : [ 1 , { \"b\" : null } ] }\n", "{\"a\":1,\"a\":2}",
        "\"\\u0000\\ud800\\\"\\/\\b\\f\\n\\r\\t\\\\\"", "\"\u{7F}\u{2028}\u{FFFE}😀\"",
        "123456789012345678901234567890", "[[],[[]],{}]", "\"\\uD83D\\uDE00\"",
    ])
    func `is valid`(text: String) throws {
        try JSONReader.validate(Array(text.utf8))
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x1", "NaN",
        "Infinity", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u123\"", "\"a\nb\"", "\"\t\"", "'a'",
        "[", "]", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
        "{1:2}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "[1}", "1 2", "{}{}", "\u{FEFF}{}", "\u{A0}1",
        "\"\\", "//", "[1]x",
    ])
    func `is not valid`(text: String) {
        #expect(throws: JSONError.self) { try JSONReader.validate(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3], [0x80],
            [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func `is not valid in other bytes than UTF-8`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) {
            try JSONReader.validate([0x22] + bytes + [0x22])
        }
        #expect(error?.reason == .notUTF8)
        #expect(error?.index == 1)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
    func `is nested 128 deep at the most`(open: String, close: String) throws {
        let levels = open.filter { $0 == "[" || $0 == "{" }.count
        func nested(_ depth: Int) -> [UInt8] {
            let count = depth / levels
            let text = String(repeating: open, count: count) + "1"
            return Array((text + String(repeating: close, count: count)).utf8)
        }
        try JSONReader.validate(nested(128))
        let error = #expect(throws: JSONError.self) { try JSONReader.validate(nested(130)) }
        #expect(error?.reason == .tooDeep)
    }

    @Test func `counts a level for an empty array too`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth)
                + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        try JSONReader.validate(nested(128))
        #expect(throws: JSONError.self) { try JSONReader.validate(nested(129)) }
        #expect(throws: JSONError.self) { try JSONReader.validate(nested(1_000_000)) }
    }

    @Test(arguments: [
        ("plain", "plain"), ("\\u0041\\n\\/", "A\n/"), ("\\uD83D\\uDE00é", "😀é"),
        ("\\u0000", "\0"), ("\\uFFFF", "\u{FFFF}"),
    ])
    func `strings are decoded when asked for`(written: String, text: String) throws {
        let bytes = Array("\"\(written)\"".utf8)
        var reader = JSONReader(bytes)
        let decoded = try reader.string().text(in: bytes)
        #expect(decoded.utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800x", "\\ude00\\ud83d"])
    func `half a surrogate pair is no text`(written: String) throws {
        let bytes = Array("\"\(written)\"".utf8)
        try JSONReader.validate(bytes)
        var reader = JSONReader(bytes)
        let string = try reader.string()
        let error = #expect(throws: JSONError.self) { try string.text(in: bytes) }
        #expect(error?.reason == .loneSurrogate)
    }

    @Test func `strings are written with as few escapes as possible`() throws {
        let scalars = (0...0x7F).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "é", "😀"]
        let text = String(String.UnicodeScalarView(scalars))
        var bytes: [UInt8] = []
        JSONWriting.appendString(text, to: &bytes)
        let written = String(decoding: bytes, as: UTF8.self)
        #expect(written.contains(#"\u0000\u0001"#))
        #expect(written.contains(#"\u0007\b\t\n\u000b\f\r\u000e"#))
        #expect(written.contains(##"\u001f !\"#$"##))
        #expect(written.contains("/0123456789"))
        #expect(written.hasSuffix("~\u{7F}\u{2028}é😀\""))
        var reader = JSONReader(bytes)
        #expect(try reader.string().text(in: bytes) == text)
    }
}

import Subscriptions

// The same characters as other bytes.
extension Fault {
    /// Encodings that XML allows, and that a reader takes or refuses.
    public static let encodings: [Fault] = [
        encoded("a byte order mark", nil, as: "utf-8") { [0xEF, 0xBB, 0xBF] + Array($0.utf8) },
        encoded("two byte order marks", .malformedDocument, as: "utf-8") {
            [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + Array($0.utf8)
        },
        encoded("UTF-16, the large end first", nil, as: "UTF-16") { [0xFE, 0xFF] + large($0) },
        encoded("UTF-16, the small end first", nil, as: "utf-16") { [0xFF, 0xFE] + small($0) },
        encoded("UTF-16 that is declared nowhere", nil, as: nil) { [0xFF, 0xFE] + small($0) },
        encoded("UTF-16 without a mark", .malformedDocument, as: "UTF-16") { large($0) },
        encoded("UTF-16 without a mark, the small end first", .malformedDocument, as: "UTF-16") {
            small($0)
        },
        encoded("half a character of UTF-16", .malformedDocument, as: "UTF-16") {
            [0xFE, 0xFF] + large($0).dropLast()
        },
        encoded("UTF-16 declared as UTF-8", .malformedDocument, as: "utf-8") {
            [0xFE, 0xFF] + large($0)
        },
        encoded("UTF-8 declared as UTF-16", .malformedDocument, as: "UTF-16") { Array($0.utf8) },
        encoded("UTF-32", .malformedDocument, as: "UTF-32") { text in
            [0, 0, 0xFE, 0xFF]
                + text.unicodeScalars.flatMap {
                    [0, UInt8($0.value >> 16)] + large("\($0)").suffix(2)
                }
        },
        encoded("ISO-8859-1", nil, as: "ISO-8859-1") { narrow($0, to: 0xFF) },
        encoded("US-ASCII", nil, as: "US-ASCII") { narrow($0, to: 0x7F) },
        encoded("Windows-1252", .malformedDocument, as: "windows-1252") { narrow($0, to: 0x7F) },
        encoded("EBCDIC", .malformedDocument, as: "IBM037") { narrow($0, to: 0x7F) },
        encoded("UTF-7", .malformedDocument, as: "UTF-7") { narrow($0, to: 0x7F) },
        encoded("an encoding that is none", .malformedDocument, as: "no-such") {
            narrow($0, to: 0x7F)
        },
    ]

    /// A document as other bytes, with what its declaration says of them.
    private static func encoded(
        _ name: String,
        _ code: SourceError.Code?,
        as declared: String?,
        _ encode: @escaping @Sendable (String) -> [UInt8]
    ) -> Fault {
        change("in bytes: \(name)", code, at: .documents) { answer in
            let text =
                declared.map { answer.text.replacing("utf-8", with: $0, maxReplacements: 1) }
                ?? answer.text.replacing(" encoding=\"utf-8\"", with: "")
            answer.body = encode(text)
        }
    }

    private static func large(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    private static func small(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    /// One byte for each character up to `last`, references for the others.
    private static func narrow(_ text: String, to last: UInt32) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            scalar.value <= last
                ? [UInt8(scalar.value)] : Array("&#x\(String(scalar.value, radix: 16));".utf8)
        }
    }

    /// Header fields that say nothing of the document, or nothing true: clocks that are wrong, tags
    /// that are odd.
    public static let fieldForms: [Fault] = [
        change("a clock at 1970", nil) { $0["Date"] = "Thu, 01 Jan 1970 00:00:00 GMT" },
        change("a clock at 9999", nil) { $0["Date"] = "Fri, 31 Dec 9999 23:59:59 GMT" },
        change("a clock that is none", nil) { $0["Date"] = "yesterday" },
        change("an answer a century old", nil) { $0["Age"] = "3155760000" },
        change("no entity tag", nil) { $0["ETag"] = nil },
        change("a weak entity tag", nil) { $0["ETag"] = "W/\"1\"" },
        change("an entity tag without quotes", nil) { $0["ETag"] = "1 2, *" },
        change("an entity tag of a kilobyte", nil) {
            $0["ETag"] = "\"\(String(repeating: "x", count: 1_000))\""
        },
        change("two media types", .wrongMediaType) {
            $0.fields.append((name: "Content-Type", value: "a/b"))
        }.reporting(nil, at: .value),
        change("a thousand bytes of cookies", nil) {
            $0["Set-Cookie"] = String(repeating: "x", count: 1_000)
        },
    ]
}

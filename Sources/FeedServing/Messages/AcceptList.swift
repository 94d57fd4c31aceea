/// A list of preferences with qualities: `Accept`, `Accept-Encoding` (RFC 9110 section 12.5).
struct AcceptList {
    /// One preference.
    struct Range {
        /// What is preferred, in lower case: `application/json`, `text/*`, `gzip`, `*`.
        var name: String
        /// The parameters before `q`, names in lower case.
        var parameters: [(name: String, value: String)]
        /// 0 to 1,000; 0 means "not acceptable".
        var quality: Int
    }

    /// The preferences that could be read, in the order sent.
    let ranges: [Range]

    /// Reads a list; what cannot be read is left out, as if it had not been sent.
    ///
    /// - Parameter field: The values of all fields of the name, joined by commas.
    init(_ field: String) {
        ranges = Self.split(field.utf8[...], at: UInt8(ascii: ",")).compactMap(Self.range)
    }

    private static func range(_ element: Substring.UTF8View) -> Range? {
        let parts = split(element, at: UInt8(ascii: ";")).map(trim)
        guard let name = parts.first, !name.isEmpty, name.allSatisfy(isNameByte) else {
            return nil
        }
        var range = Range(name: String(name)?.lowercased() ?? "", parameters: [], quality: 1_000)
        for part in parts.dropFirst() where !part.isEmpty {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard let key = pair.first.map(trim).flatMap({ String($0) })?.lowercased() else {
                return nil
            }
            let value = pair.count > 1 ? unquote(trim(pair[1])) : ""
            if key == "q" {
                guard let quality = quality(value) else { return nil }
                range.quality = quality
                // What follows q is an extension of the list, not a parameter of the range.
                break
            }
            range.parameters.append((key, value))
        }
        return range
    }

    /// `0`, `1`, `0.5`, `1.000`: at most three decimals (RFC 9110 section 12.4.2).
    private static func quality(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == 0x30 || first == 0x31, bytes.count <= 5 else {
            return nil
        }
        guard bytes.count > 1 else { return first == 0x31 ? 1_000 : 0 }
        guard bytes[1] == UInt8(ascii: ".") else { return nil }
        var value = first == 0x31 ? 1_000 : 0
        var unit = 100
        for byte in bytes.dropFirst(2) {
            guard RequestHeadCheck.isDigit(byte) else { return nil }
            value += Int(byte - 0x30) * unit
            unit /= 10
        }
        return value <= 1_000 ? value : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        RequestHeadCheck.isTokenByte(byte) || byte == UInt8(ascii: "/")
    }

    /// Cuts at a separator that does not stand in a quoted string.
    private static func split(_ text: Substring.UTF8View, at separator: UInt8)
        -> [Substring.UTF8View]
    {
        var parts: [Substring.UTF8View] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted && byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator && !isQuoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func trim(_ text: Substring.UTF8View) -> Substring.UTF8View {
        func isSpace(_ byte: UInt8) -> Bool {
            byte == RequestHeadCheck.space || byte == RequestHeadCheck.tab
        }
        let start = text.drop(while: isSpace)
        let end = start.reversed().prefix(while: isSpace).count
        return start.dropLast(end)
    }

    private static func unquote(_ text: Substring.UTF8View) -> String {
        let value = String(Substring(text))
        guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
        return String(value.dropFirst().dropLast())
    }
}

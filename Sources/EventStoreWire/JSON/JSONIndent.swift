import EventModel

/// Lays out JSON as the product does, without decoding it: numbers, escapes, the order of members
/// and repeated names stay as they were written.
enum JSONIndent {
    /// Where the one value stands in a text; nil where the text is not exactly one JSON value, or
    /// is nested deeper than ``EventModel/Limits/jsonDepth``.
    static func value(in text: [UInt8]) -> Range<Int>? {
        var reader = JSONReader(text)
        guard let value = try? reader.value(), (try? reader.endText()) != nil else { return nil }
        return value
    }

    /// ``value(in:)`` where it is an object.
    static func object(in text: [UInt8]) -> Range<Int>? {
        // Looked at first, so that a long text which is no object costs nothing.
        guard firstByte(of: text) == UInt8(ascii: "{") else { return nil }
        return value(in: text)
    }

    /// ``value(in:)`` where it is an object or an array.
    static func container(in text: [UInt8]) -> Range<Int>? {
        let first = firstByte(of: text)
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        return value(in: text)
    }

    private static func firstByte(of text: [UInt8]) -> UInt8? {
        var reader = JSONReader(text)
        return reader.peek()
    }

    /// Appends a value that was checked, one member or element a line.
    ///
    /// Indenting can make much of little: `[` a hundred times and then numbers takes two hundred
    /// spaces a number. A value that would grow to more than eight times its bytes and 4 KiB is
    /// appended as it was written, which means the same.
    ///
    /// - Parameters:
    ///   - text: The bytes that hold the value.
    ///   - value: Where it stands, as the functions above say.
    ///   - indent: The spaces before the line in which the value begins.
    ///   - bytes: Takes the result.
    static func append(
        _ text: [UInt8],
        _ value: Range<Int>,
        indent: Int,
        to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        let limit = start + 8 * value.count + 4_096
        let isWhole = text.withUnsafeBufferPointer { text in
            appendTokens(of: text[value], indent: indent, to: &bytes, limit: limit)
        }
        if isWhole { return }
        bytes.removeSubrange(start...)
        bytes.append(contentsOf: text[value])
    }

    /// Appends token by token; false where the limit was passed.
    private static func appendTokens(
        of text: Slice<UnsafeBufferPointer<UInt8>>,
        indent: Int,
        to bytes: inout [UInt8],
        limit: Int
    ) -> Bool {
        var indent = indent
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D:
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                bytes.append(byte)
                index = endOfSpace(in: text, from: index)
                if isClosing(text[index]) {
                    bytes.append(text[index])
                    index += 1
                    continue
                }
                indent += 2
                startLine(indent, &bytes)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                indent -= 2
                startLine(indent, &bytes)
                bytes.append(byte)
            case UInt8(ascii: ","):
                bytes.append(byte)
                startLine(indent, &bytes)
            case UInt8(ascii: ":"):
                bytes.add(": ")
            default:
                let end = endOfScalar(in: text, from: index - 1)
                bytes.append(contentsOf: text[(index - 1)..<end])
                index = end
                continue
            }
            if bytes.count > limit { return false }
        }
        return true
    }

    private static func startLine(_ indent: Int, _ bytes: inout [UInt8]) {
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent))
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private static func endOfSpace(
        in text: Slice<UnsafeBufferPointer<UInt8>>,
        from start: Int
    ) -> Int {
        var index = start
        while index < text.endIndex - 1, text[index] <= 0x20 { index += 1 }
        return index
    }

    /// Where a string, a number or a word ends.
    private static func endOfScalar(
        in text: Slice<UnsafeBufferPointer<UInt8>>,
        from start: Int
    ) -> Int {
        var index = start + 1
        if text[start] == UInt8(ascii: "\"") {
            while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
                index += text[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            return min(index + 1, text.endIndex)
        }
        while index < text.endIndex, isPartOfWord(text[index]) { index += 1 }
        return index
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): false
        default: true
        }
    }
}

/// Walks over JSON without decoding it: checks every byte and says where values begin and end.
///
/// Nothing is converted, so that `1.0`, `1e400`, the order of names and duplicate names survive.
/// A value may be nested ``depthLimit`` deep; a walk keeps one bit a level and never recurses.
package struct JSONReader {
    /// The text that is read.
    package let bytes: [UInt8]
    /// The next byte to read.
    package private(set) var index: Int
    /// Where the text ends.
    package let end: Int
    /// How deep each single value may be nested.
    package let depthLimit: Int

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that hold the text.
    ///   - range: Where the text stands in them; all of them where it is not given.
    ///   - depthLimit: How deep each single value may be nested, at most 128.
    package init(_ bytes: [UInt8], in range: Range<Int>? = nil, depthLimit: Int = Limits.jsonDepth)
    {
        self.bytes = bytes
        self.depthLimit = min(depthLimit, 128)
        index = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// Checks that bytes are exactly one JSON value, with white space around it.
    package static func validate(_ bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        _ = try reader.value()
        try reader.endText()
    }

    /// The next byte that is no white space, which is not consumed; nil at the end.
    package mutating func peek() -> UInt8? {
        while index < end {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return bytes[index]
            }
        }
        return nil
    }

    /// Throws unless nothing but white space is left.
    package mutating func endText() throws(JSONError) {
        if peek() != nil { throw JSONError(reason: .unexpected, index: index) }
    }

    /// Steps into an object.
    package mutating func enterObject() throws(JSONError) { try take(UInt8(ascii: "{")) }

    /// Steps into an array.
    package mutating func enterArray() throws(JSONError) { try take(UInt8(ascii: "[")) }

    /// The name of the next member, read with its `:`, or nil after the object's end; only the
    /// object's first member has no comma before it.
    package mutating func nextName(isFirst: Bool) throws(JSONError) -> JSONString? {
        guard let byte = peek() else { throw JSONError(reason: .endOfText, index: index) }
        if byte == UInt8(ascii: "}") {
            index += 1
            return nil
        }
        if !isFirst { try take(UInt8(ascii: ",")) }
        _ = peek()
        let name = try string()
        try take(UInt8(ascii: ":"))
        return name
    }

    /// Whether another element follows, or the array ended; only the array's first element has no
    /// comma before it.
    package mutating func nextElement(isFirst: Bool) throws(JSONError) -> Bool {
        guard let byte = peek() else { throw JSONError(reason: .endOfText, index: index) }
        if byte == UInt8(ascii: "]") {
            index += 1
            return false
        }
        if !isFirst { try take(UInt8(ascii: ",")) }
        return true
    }

    /// Walks over one value of any kind.
    ///
    /// - Returns: Where it stands, from its first byte to after its last.
    /// - Complexity: Linear in its bytes.
    package mutating func value() throws(JSONError) -> Range<Int> {
        let first = peek()
        if first == 0xEF, index == 0 { throw JSONError(reason: .byteOrderMark, index: index) }
        let start = index
        // One bit a level, the innermost lowest: 1 for an object, 0 for an array.
        var levels: UInt128 = 0
        var depth = 0
        repeat {
            let opened = try scalarOrOpening()
            if let opened {
                guard depth < depthLimit else {
                    throw JSONError(reason: .tooDeep, index: index - 1)
                }
                levels = levels << 1 | (opened == .object ? 1 : 0)
                depth += 1
            }
            try closeLevels(&levels, &depth, isFirst: opened != nil)
        } while depth > 0
        return start..<index
    }

    private enum Opening { case array, object }

    /// Reads a whole scalar, or the bracket that opens an array or an object.
    private mutating func scalarOrOpening() throws(JSONError) -> Opening? {
        guard let byte = peek() else { throw JSONError(reason: .endOfText, index: index) }
        switch byte {
        case UInt8(ascii: "{"):
            index += 1
            return .object
        case UInt8(ascii: "["):
            index += 1
            return .array
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw JSONError(reason: .unexpected, index: index)
        }
        return nil
    }

    /// After a value or an opening bracket: closes what ends here, and reads on to where the next
    /// value begins.
    private mutating func closeLevels(_ levels: inout UInt128, _ depth: inout Int, isFirst: Bool)
        throws(JSONError)
    {
        var isFirst = isFirst
        while depth > 0 {
            let goesOn =
                levels & 1 == 1
                ? try nextName(isFirst: isFirst) != nil
                : try nextElement(isFirst: isFirst)
            if goesOn { return }
            levels >>= 1
            depth -= 1
            isFirst = false
        }
    }
}

extension JSONReader {
    /// Reads a string.
    package mutating func string() throws(JSONError) -> JSONString {
        guard index < end else { throw JSONError(reason: .endOfText, index: index) }
        guard bytes[index] == UInt8(ascii: "\"") else {
            throw JSONError(reason: .unexpected, index: index)
        }
        index += 1
        let start = index
        var hasEscapes = false
        while index < end {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return JSONString(range: start..<(index - 1), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            case 0..<0x20:
                throw JSONError(reason: .controlCharacter, index: index)
            case 0x80...:
                let length = UTF8Scan.lengthOfCharacter(in: bytes, at: index, end: end)
                guard length > 0 else { throw JSONError(reason: .notUTF8, index: index) }
                index += length
            default:
                index += 1
            }
        }
        throw JSONError(reason: .endOfText, index: index)
    }

    private mutating func skipEscape() throws(JSONError) {
        guard index + 1 < end else { throw JSONError(reason: .endOfText, index: index) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            guard index + 6 <= end,
                bytes[(index + 2)..<(index + 6)].allSatisfy({ Hex.value(of: $0) != nil })
            else { throw JSONError(reason: .invalidEscape, index: index) }
            index += 6
        default:
            throw JSONError(reason: .invalidEscape, index: index)
        }
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let start = index
        let matches = word.withUTF8Buffer { letters in
            index + letters.count <= end
                && bytes[index..<(index + letters.count)].elementsEqual(letters)
        }
        guard matches else { throw JSONError(reason: .unexpected, index: start) }
        index += word.utf8CodeUnitCount
    }

    /// RFC 8259 section 6: `[ minus ] int [ frac ] [ exp ]`.
    private mutating func number() throws(JSONError) {
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let start = index
        let count = skipDigits()
        guard count > 0, count == 1 || bytes[start] != UInt8(ascii: "0") else {
            throw JSONError(reason: .invalidNumber, index: start)
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() > 0 else { throw JSONError(reason: .invalidNumber, index: index) }
        }
        guard index < end, bytes[index] | 0x20 == UInt8(ascii: "e") else { return }
        index += 1
        if index < end, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
            index += 1
        }
        guard skipDigits() > 0 else { throw JSONError(reason: .invalidNumber, index: index) }
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            index += 1
        }
        return index - start
    }

    private mutating func take(_ byte: UInt8) throws(JSONError) {
        guard let next = peek() else { throw JSONError(reason: .endOfText, index: index) }
        guard next == byte else { throw JSONError(reason: .unexpected, index: index) }
        index += 1
    }
}

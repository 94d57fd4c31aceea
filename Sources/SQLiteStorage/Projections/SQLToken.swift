/// A piece of SQL text, as far as a projection file has to be understood before SQLite reads it.
struct SQLToken: Hashable {
    /// What a piece is.
    enum Kind: Hashable {
        /// A keyword, a name or a number.
        case word
        /// A text or blob literal, quotes included.
        case literal
        /// A name in quotes, brackets or backquotes, those included.
        case quotedName
        /// One character of anything else.
        case symbol
        /// `-- …` up to the end of the line, without the line break.
        case lineComment
        /// `/* … */`.
        case blockComment
        /// White space.
        case space
    }

    let kind: Kind
    /// Where the piece is, in bytes.
    let range: Range<Int>
    /// Whether a literal, a quoted name or a comment has its end.
    let isClosed: Bool

    /// Whether the piece says nothing to SQLite.
    var isBlank: Bool { kind == .space || kind == .lineComment || kind == .blockComment }
}

/// Takes SQL text apart by the rules of <https://www.sqlite.org/lang.html>; every byte belongs to
/// one token.
struct SQLTokenizer: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        place = start
    }

    mutating func next() -> SQLToken? {
        guard place < bytes.count else { return nil }
        let start = place
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "'"):
            return quoted(.literal, from: start, start, closing: byte)
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            return quoted(.quotedName, from: start, start, closing: byte)
        case UInt8(ascii: "["):
            return quoted(.quotedName, from: start, start, closing: UInt8(ascii: "]"))
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            // A blob literal is one piece, and another one than a name and a text.
            if peek(start + 1) == UInt8(ascii: "'") {
                return quoted(.literal, from: start, start + 1, closing: UInt8(ascii: "'"))
            }
            return word(from: start)
        case UInt8(ascii: "-") where peek(start + 1) == byte:
            return run(.lineComment, from: start) { $0 != UInt8(ascii: "\n") }
        case UInt8(ascii: "/") where peek(start + 1) == UInt8(ascii: "*"):
            return blockComment(from: start)
        case _ where Self.isSpace(byte):
            return run(.space, from: start, while: Self.isSpace)
        case 0xEF where peek(start + 1) == 0xBB && peek(start + 2) == 0xBF:
            // SQLite takes a byte order mark for white space, wherever it stands.
            return token(.space, from: start, to: start + 3)
        case _ where Self.isWord(byte):
            return word(from: start)
        default:
            return token(.symbol, from: start, to: start + 1)
        }
    }

    private func peek(_ place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func token(
        _ kind: SQLToken.Kind,
        from start: Int,
        to end: Int,
        isClosed: Bool = true
    ) -> SQLToken {
        place = end
        return SQLToken(kind: kind, range: start..<end, isClosed: isClosed)
    }

    private mutating func run(
        _ kind: SQLToken.Kind,
        from start: Int,
        while belongs: (UInt8) -> Bool
    ) -> SQLToken {
        var end = start
        while end < bytes.count, belongs(bytes[end]) { end += 1 }
        return token(kind, from: start, to: end)
    }

    /// A word; a byte order mark ends it.
    private mutating func word(from start: Int) -> SQLToken {
        var end = start
        while end < bytes.count, Self.isWord(bytes[end]) {
            if bytes[end] == 0xEF, peek(end + 1) == 0xBB, peek(end + 2) == 0xBF { break }
            end += 1
        }
        return token(.word, from: start, to: end)
    }

    /// A quoted piece; the closing character twice stands for itself.
    private mutating func quoted(
        _ kind: SQLToken.Kind,
        from start: Int,
        _ opening: Int,
        closing: UInt8
    ) -> SQLToken {
        var end = opening + 1
        while end < bytes.count {
            guard bytes[end] == closing else {
                end += 1
                continue
            }
            // Brackets have no such escape.
            guard closing != UInt8(ascii: "]"), peek(end + 1) == closing else {
                return token(kind, from: start, to: end + 1)
            }
            end += 2
        }
        return token(kind, from: start, to: bytes.count, isClosed: false)
    }

    private mutating func blockComment(from start: Int) -> SQLToken {
        var end = start + 2
        while end + 1 < bytes.count {
            if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
                return token(.blockComment, from: start, to: end + 2)
            }
            end += 1
        }
        return token(.blockComment, from: start, to: bytes.count, isClosed: false)
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte) && byte != 11
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}

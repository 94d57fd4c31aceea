/// The bytes and small rules of RFC 9110 section 5.6 and RFC 3986 section 3.2.
extension RequestHeadCheck {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")

    /// Whether a byte may stand in a token.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// Whether a byte is a decimal digit.
    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// The bytes without spaces and tabs at the ends.
    static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == space || first == tab { bytes.removeFirst() }
        while let last = bytes.last, last == space || last == tab { bytes.removeLast() }
        return bytes
    }

    /// Whether bytes are a host with an optional port, or nothing.
    static func isHost(_ value: ArraySlice<UInt8>) -> Bool {
        var host = value
        if value.first == UInt8(ascii: "[") {
            guard let end = value.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let literal = value[(value.startIndex + 1)..<end]
            guard !literal.isEmpty, literal.allSatisfy(isAddressByte) else { return false }
            host = value[(end + 1)...]
            guard host.isEmpty || host.first == UInt8(ascii: ":") else { return false }
        }
        let parts = host.split(
            separator: UInt8(ascii: ":"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let name = parts.first else { return true }
        return name.allSatisfy(isNameByte) && (parts.count < 2 || parts[1].allSatisfy(isDigit))
    }

    /// Whether a byte may stand between the brackets of an address.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// Whether a byte may stand in a registered name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~%!$&'()*+,;=".utf8.contains(byte)
    }
}

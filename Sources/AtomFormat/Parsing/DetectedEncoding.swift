import CLibXML2

/// The family of encodings that a document's first bytes show (XML 1.0 appendix F).
///
/// libxml2 can read many more encodings than are allowed here. A document that one reader takes for
/// something else than another is a way around checks, so the rest is refused.
enum DetectedEncoding {
    /// UTF-8 with a byte order mark.
    case markedUTF8
    /// UTF-16 with a byte order mark.
    case markedUTF16
    /// One byte for each character of ASCII: UTF-8, US-ASCII or ISO-8859-1.
    case bytes
    /// Anything else: UTF-16 without a mark, UTF-32, EBCDIC.
    case unsupported

    /// How much of a document is looked at: more than any honest XML declaration.
    static let headBytes = 256

    /// Looks at the first bytes of a document.
    init(_ head: [UInt8]) {
        let first = (0..<4).map { $0 < head.count ? head[$0] : 0x20 }
        self =
            switch (first[0], first[1], first[2], first[3]) {
            case (0xEF, 0xBB, 0xBF, _): .markedUTF8
            case (0xFF, 0xFE, 0, 0): .unsupported
            case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _): .markedUTF16
            case (0, _, _, _), (_, 0, _, _), (0x4C, 0x6F, 0xA7, 0x94): .unsupported
            default: .bytes
            }
    }

    /// Says why a document that begins with these bytes is refused; `nil` if it is not.
    func fault(in head: [UInt8]) -> String? {
        if self == .unsupported { return "not UTF-8, UTF-16 with a byte order mark, or ASCII" }
        guard let name = declaredName(in: head), !allows(declared: name) else { return nil }
        return name
    }

    /// Tells whether a document of this family may say that it has an encoding.
    func allows(declared name: String) -> Bool {
        let name = name.uppercased()
        switch self {
        case .markedUTF8: return name == "UTF-8"
        case .markedUTF16: return name == "UTF-16"
        case .bytes: return ["UTF-8", "US-ASCII", "ASCII", "ISO-8859-1"].contains(name)
        case .unsupported: return false
        }
    }

    /// Returns the encoding that an XML declaration names (XML 1.0 § 2.8, § 4.3.3).
    ///
    /// It needs not be strict: libxml2 reads the declaration again, and its reading is checked too.
    private func declaredName(in head: [UInt8]) -> String? {
        // Of UTF-16 the bytes that are not 0 make ASCII, as far as the declaration goes.
        let mark = self == .markedUTF16 ? 2 : self == .markedUTF8 ? 3 : 0
        let ascii = head.dropFirst(mark).filter { $0 != 0 }
        guard ascii.starts(with: "<?xml".utf8) else { return nil }
        let declaration = ascii.prefix { $0 != UInt8(ascii: ">") }
        let key = Array("encoding".utf8)
        let place = declaration.indices.first { declaration[$0...].starts(with: key) }
        guard let place else { return nil }
        let isQuote: (UInt8) -> Bool = { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        let value = declaration[place...].drop { !isQuote($0) }.dropFirst()
        guard value.contains(where: isQuote) else { return nil }
        return String(decoding: value.prefix { !isQuote($0) }, as: UTF8.self)
    }

    /// Tells whether an error of libxml2 is about the encoding.
    static func isFault(_ code: Int32) -> Bool {
        let faults = [
            XML_ERR_UNKNOWN_ENCODING, XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_INVALID_ENCODING,
            XML_I18N_NO_HANDLER, XML_I18N_CONV_FAILED, XML_I18N_EXCESS_HANDLER,
        ]
        return faults.contains { Int32($0.rawValue) == code }
    }
}

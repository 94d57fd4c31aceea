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

    /// Looks at the beginning of a document; `nil` if there is nothing to look at.
    init?(_ start: UnsafeRawBufferPointer) {
        guard !start.isEmpty else { return nil }
        let head = (0..<4).map { $0 < start.count ? start[$0] : 0x20 }
        self =
            switch (head[0], head[1], head[2], head[3]) {
            case (0xEF, 0xBB, 0xBF, _): .markedUTF8
            case (0xFF, 0xFE, 0, 0): .unsupported
            case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _): .markedUTF16
            case (0, _, _, _), (_, 0, _, _), (0x4C, 0x6F, 0xA7, 0x94): .unsupported
            default: .bytes
            }
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

    /// Tells whether an error of libxml2 is about the encoding.
    static func isFault(_ code: Int32) -> Bool {
        let faults = [
            XML_ERR_UNKNOWN_ENCODING, XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_INVALID_ENCODING,
            XML_I18N_NO_HANDLER, XML_I18N_CONV_FAILED, XML_I18N_EXCESS_HANDLER,
        ]
        return faults.contains { Int32($0.rawValue) == code }
    }
}

/// A document that cannot be read, or a value that cannot be written.
public struct AtomError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the document or the value.
    public let code: Code
    /// The element, attribute or limit that it is about, such as `atom:id` or `depth`; maybe empty.
    public let subject: String
    /// What was found there, cut to 100 characters; empty if there is nothing to show.
    public let value: String
    /// The limit that was exceeded; `nil` for other codes.
    public let limit: Int?
    /// The line in the document, from 1; 0 when writing.
    public let line: Int
    /// The column in the line, from 1, in bytes of UTF-8; 0 where it is not known.
    public let column: Int

    /// States what is wrong.
    ///
    /// - Parameters:
    ///   - code: The kind of fault.
    ///   - subject: The element, attribute or limit that it is about.
    ///   - value: What was found there; the first 100 characters are kept.
    ///   - limit: The limit that was exceeded.
    ///   - place: The line and the column, 0 where they are not known.
    public init(
        _ code: Code,
        _ subject: String,
        value: String = "",
        limit: Int? = nil,
        at place: (line: Int, column: Int) = (0, 0)
    ) {
        self.code = code
        self.subject = subject
        self.value = String(String.UnicodeScalarView(value.unicodeScalars.prefix(100)))
        self.limit = limit
        line = place.line
        column = place.column
    }

    /// Returns the same error with a place in the document.
    func at(_ place: (line: Int, column: Int)) -> AtomError {
        AtomError(code, subject, value: value, limit: limit, at: place)
    }

    /// One sentence: where, what, and what would be right.
    public var description: String {
        let place = line > 0 ? "line \(line), column \(column): " : ""
        return place + code.sentence(subject, value, limit)
    }
}

extension AtomError {
    /// What is wrong.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case malformed, doctype, encoding, truncated, limit, root, missing, duplicate
            case invalid, unwritable
        }

        private let kind: Kind

        /// The document is not well-formed, or not with respect to namespaces.
        public static let malformed = Code(kind: .malformed)
        /// The document has a document type declaration, which is never read.
        public static let doctype = Code(kind: .doctype)
        /// The document's encoding is not one of those that are read, or the bytes are not in it.
        public static let encoding = Code(kind: .encoding)
        /// The document ends too early.
        public static let truncated = Code(kind: .truncated)
        /// A limit is exceeded; ``AtomError/subject`` names it.
        public static let limit = Code(kind: .limit)
        /// The root element is none that is read.
        public static let root = Code(kind: .root)
        /// An element or attribute that must be there is not.
        public static let missing = Code(kind: .missing)
        /// An element that may be there once is there twice.
        public static let duplicate = Code(kind: .duplicate)
        /// An element or attribute has a value that it must not have.
        public static let invalid = Code(kind: .invalid)
        /// A value has a character that XML 1.0 cannot carry, or a form that cannot be written.
        public static let unwritable = Code(kind: .unwritable)

        /// The code's name.
        public var description: String { kind.rawValue }

        /// Says it in words.
        fileprivate func sentence(_ subject: String, _ value: String, _ limit: Int?) -> String {
            switch kind {
            case .malformed: "not well-formed XML: \(subject)"
            case .doctype: "a document type declaration is not allowed: leave it out"
            case .encoding: "the encoding cannot be read: \(subject); use UTF-8"
            case .truncated: "the document ends too early"
            case .limit: "\(subject) is over the limit of \(limit ?? 0)"
            case .root: "the root element is \(subject), which is no Atom document"
            case .missing: "\(subject) is missing"
            case .duplicate: "\(subject) occurs twice, but may occur once"
            case .invalid: "\(subject) must not be \"\(value)\""
            case .unwritable: "\(subject) cannot be written as XML: \(value)"
            }
        }
    }
}

package import EventModel

/// What was sent cannot become events; nothing was recorded.
public struct InvalidSubmission: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that was broken, by its stable word on the wire.
    public enum Reason: String, Hashable, Sendable {
        /// Something that is required is not there.
        case missing
        /// A member that an event does not have.
        case unknownMember = "unknown-member"
        /// A member, element or header that is there twice.
        case repeatedMember = "repeated-member"
        /// A value of another kind than asked for.
        case wrongType = "wrong-type"
        /// A name without characters.
        case empty
        /// A name that is too long.
        case tooLong = "too-long"
        /// A character that is not allowed.
        case character
        /// A space at an end of a name.
        case surroundingSpace = "surrounding-space"
        /// A name that cannot be part of an address.
        case reservedName = "reserved-name"
        /// A text that is no UUID.
        case notUUID = "not-uuid"
        /// A text that is no base64.
        case notBase64 = "not-base64"
        /// Bytes that are no JSON.
        case notJSON = "not-json"
        /// JSON that is no object.
        case notObject = "not-object"
        /// JSON that is nested too deep.
        case tooDeep = "too-deep"
        /// A media type that is none, or not one that is allowed.
        case mediaType = "media-type"
        /// None or several of a group of members.
        case choice
        /// A value that is somewhere else.
        case outOfLine = "out-of-line"
        /// An expectation that is none, or differs from the first of its stream.
        case expectation
        /// Another stream than that of the address.
        case otherStream = "other-stream"
        /// An id that occurs twice in the append.
        case repeatedID = "repeated-id"
    }

    /// The problem that it is on the wire: `invalidBody`, `invalidEvent`, `tooLarge` or
    /// `unsupportedMediaType`.
    public let problem: ProblemKind
    /// The rule that was broken; nil for a body that cannot be read and for what is too large.
    public var reason: Reason?
    /// The line in the body, from 1; only where the body has lines.
    public var line: Int?
    /// The column in that line, from 1.
    public var column: Int?
    /// The member, header, or XPath-like name.
    public var field: String?
    /// The value at fault, shortened to 100 characters.
    public var value: String?
    /// The highest value allowed.
    public var limit: Int?
    /// The value found.
    public var size: Int?
    /// One sentence for people that says what to do.
    public let message: String

    init(_ problem: ProblemKind, _ message: String) {
        self.problem = problem
        self.message = message
    }

    /// An event is not valid.
    package init(_ reason: Reason, _ field: String, value: String? = nil, _ message: String) {
        self.init(.invalidEvent, message)
        self.reason = reason
        self.field = field
        self.value = value.map { String($0.prefix(100)) }
    }

    /// A name or media type is not valid.
    package init(_ error: InvalidName, _ field: String) {
        let reason: Reason =
            switch error.reason {
            case .empty: .empty
            case .tooLong: .tooLong
            case .forbiddenCharacter: .character
            case .surroundingSpace: .surroundingSpace
            case .dotSegment: .reservedName
            case .notAMediaType: .mediaType
            }
        self.init(reason, field, value: error.text, error.description)
        if case .tooLong(let bytes, let limit) = error.reason {
            self.limit = limit
            size = bytes
        }
    }

    /// Something is larger than its limit.
    static func tooLarge(_ field: String, limit: Int, size: Int, unit: String = "bytes") -> Self {
        var error = InvalidSubmission(
            .tooLarge,
            "\(field) has \(size) \(unit) or more, the limit is \(limit)"
        )
        error.field = field
        error.limit = limit
        error.size = size
        return error
    }

    /// The same fault with its line.
    func at(line: Int) -> Self {
        var error = self
        error.line = line
        return error
    }

    /// The sentence, after the line where there is one.
    public var description: String { line.map { "Line \($0): \(message)" } ?? message }
}

extension InvalidSubmission {
    /// Checks metadata that came in through the interface: valid JSON whose value is an object.
    ///
    /// - Parameters:
    ///   - bytes: The metadata.
    ///   - field: The member or header, for the error.
    /// - Throws: ``InvalidSubmission`` (`invalidEvent`).
    public static func checkMetadata(_ bytes: [UInt8], field: String) throws(InvalidSubmission) {
        var reader = JSONReader(bytes)
        let first = reader.peek()
        do throws(JSONError) {
            try JSONReader.validate(bytes)
        } catch {
            throw InvalidSubmission(error, field)
        }
        guard first == UInt8(ascii: "{") else {
            throw InvalidSubmission(
                .notObject,
                field,
                "\(field) is no JSON object: metadata is an object, or absent"
            )
        }
    }

    /// A value is no JSON.
    init(_ error: JSONError, _ field: String) {
        self.init(
            error.reason == .tooDeep ? .tooDeep : .notJSON,
            field,
            "\(field) is not JSON that is taken here: \(error.description)"
        )
    }

    /// Checks a value against the limit on its bytes.
    static func check(_ value: Payload, _ field: String, limit: Int) throws(InvalidSubmission) {
        guard value.bytes.count <= limit else {
            throw .tooLarge(field, limit: limit, size: value.bytes.count)
        }
    }
}

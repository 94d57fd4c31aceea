/// The name of a stream: the history of one thing, usually of one aggregate.
///
/// By convention it is written `category-id`, such as `tab-42`; nothing but ``category`` depends
/// on that. A name is 1 to 512 bytes of UTF-8 without control characters, without leading or
/// trailing space, and neither `.` nor `..`.
public struct StreamName: ByteComparedText {
    /// The name as it was given.
    public let text: String

    /// Checks a name that came from outside.
    ///
    /// - Parameter text: The whole name.
    /// - Throws: ``InvalidName`` that says which rule the text breaks.
    public init(_ text: String) throws(InvalidName) {
        try NameRules.check(text, .stream)
        guard text != ".", text != ".." else {
            throw InvalidName(.stream, text: text, reason: .dotSegment)
        }
        self.text = text
    }

    /// Takes a name that was checked before it was stored.
    package init(stored text: String) {
        self.text = text
    }

    /// What stands before the first `-`, or the whole name where there is none.
    public var category: StreamCategory {
        StreamCategory(stored: String(text.utf8.prefix { $0 != UInt8(ascii: "-") }) ?? text)
    }
}

extension StreamName {
    private static let metadataPrefix = "$$"

    /// The stream whose newest event says what holds of this one: `$$` and this name.
    ///
    /// Nil for a metadata stream, which has no metadata of its own, and for a name of more than
    /// 510 bytes, for which there is no room.
    public var metadataStream: StreamName? {
        guard !isMetadataStream,
            text.utf8.count + Self.metadataPrefix.utf8.count <= Limits.nameBytes
        else { return nil }
        return StreamName(stored: Self.metadataPrefix + text)
    }

    /// Whether the events of this stream say something about another one: its name begins with
    /// `$$`.
    public var isMetadataStream: Bool { text.utf8.starts(with: Self.metadataPrefix.utf8) }

    /// The stream that this metadata stream speaks of.
    ///
    /// Nil where this is no metadata stream, or where what follows `$$` is no name or is itself a
    /// metadata stream's.
    public var describedStream: StreamName? {
        // What breaks a rule is no name: why does not matter here.
        guard isMetadataStream,
            let rest = String(text.utf8.dropFirst(Self.metadataPrefix.utf8.count)),
            let described = try? StreamName(rest), !described.isMetadataStream
        else { return nil }
        return described
    }

    /// Whether the name begins with `$`, which by convention is left to the software.
    public var isSystem: Bool { text.utf8.first == UInt8(ascii: "$") }
}

/// What the names of related streams begin with: `tab` for `tab-42`.
///
/// It may be empty, where a stream's name begins with `-`.
public struct StreamCategory: ByteComparedText {
    /// The category as it was given.
    public let text: String

    /// Checks a category that came from outside.
    ///
    /// - Parameter text: A name without `-`; a text with one is allowed and matches no stream.
    /// - Throws: ``InvalidName`` that says which rule the text breaks.
    public init(_ text: String) throws(InvalidName) {
        if !text.isEmpty { try NameRules.check(text, .category) }
        self.text = text
    }

    package init(stored text: String) {
        self.text = text
    }
}

import EventModel

/// What the body of a request about users may say; its names are read in any case.
struct UserBody: Hashable, Sendable {
    /// The body cannot be read.
    struct Unreadable: Error, Hashable {
        /// What is wrong, for the reason phrase.
        let reason: String
    }

    /// Bytes of a body: 64 KiB.
    static let limit = 64 << 10

    var loginName: String?
    var fullName: String?
    var groups: [String]?
    var password: String?
    var newPassword: String?
    var currentPassword: String?

    /// Reads a body.
    ///
    /// - Parameter bytes: One JSON object.
    /// - Throws: ``Unreadable`` where it is none, or a value is of the wrong kind.
    init(_ bytes: [UInt8]) throws(Unreadable) {
        guard bytes.count <= Self.limit else {
            throw Unreadable(reason: "The body has more than \(Self.limit) bytes")
        }
        do throws(JSONError) {
            try JSONReader.validate(bytes)
            var reader = JSONReader(bytes)
            _ = reader.peek()
            try reader.enterObject()
            var isFirst = true
            while let name = try reader.nextName(isFirst: isFirst) {
                isFirst = false
                try read(try name.text(in: bytes).lowercased(), &reader)
            }
        } catch {
            throw Unreadable(reason: "The body is not the JSON that is expected here")
        }
    }

    private mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        switch name {
        case "loginname": loginName = try Self.text(&reader)
        case "fullname": fullName = try Self.text(&reader)
        case "password": password = try Self.text(&reader)
        case "newpassword": newPassword = try Self.text(&reader)
        case "currentpassword": currentPassword = try Self.text(&reader)
        case "groups": groups = try Self.texts(&reader)
        default: _ = try reader.value()
        }
    }

    /// A text, or nil for `null`.
    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
        if reader.peek() == UInt8(ascii: "n") {
            _ = try reader.value()
            return nil
        }
        return try reader.string().text(in: reader.bytes)
    }

    /// A list of texts, or nil for `null`.
    private static func texts(_ reader: inout JSONReader) throws(JSONError) -> [String]? {
        if reader.peek() == UInt8(ascii: "n") {
            _ = try reader.value()
            return nil
        }
        try reader.enterArray()
        var texts: [String] = []
        while try reader.nextElement(isFirst: texts.isEmpty) {
            _ = reader.peek()
            texts.append(try reader.string().text(in: reader.bytes))
        }
        return texts
    }
}

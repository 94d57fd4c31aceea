import HTTPTypes

/// A request as the responder sees it, apart from its body.
struct FeedRequest: Sendable {
    /// The method as it was sent.
    var method: String
    /// The path as it was sent, with its escapes.
    var path: String
    /// What stands after `?`, with its escapes; nil where there is no `?`.
    var query: String?
    /// The header fields.
    var fields: HTTPFields
    /// Whether all fields were valid UTF-8; where they were not, some have replacement characters.
    var fieldsAreUTF8 = true
    /// By which way it came.
    var origin = RequestOrigin()

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method as it was sent.
    ///   - target: The request target in any form but `authority` (RFC 9112 section 3.2).
    ///   - fields: The header fields.
    init(_ method: String, _ target: String, fields: HTTPFields = [:]) {
        self.method = method
        self.fields = fields
        let origin = Self.originForm(target)
        if let mark = origin.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(origin[..<mark])
            query = String(origin[origin.utf8.index(after: mark)...])
        } else {
            path = String(origin)
            query = nil
        }
    }

    /// The path and query of a target; of one in absolute form what follows the authority.
    ///
    /// The host is left aside: it changes nothing in what is answered.
    private static func originForm(_ target: String) -> Substring {
        let lowered = target.prefix(8).lowercased()
        let scheme = lowered.hasPrefix("http://") ? 7 : lowered.hasPrefix("https://") ? 8 : nil
        guard let scheme else { return target[...] }
        let rest = target.dropFirst(scheme)
        let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        guard let end else { return "/" }
        return rest[end] == "?" ? "/" + rest[end...] : rest[end...]
    }
}

extension HTTPFields {
    /// All values of a list field as one list (RFC 9110 section 5.3); nil where there is none.
    func list(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

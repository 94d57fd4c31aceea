import Foundation

/// A request as a client sends it, before anybody has looked at it.
struct PlainRequest: Sendable {
    /// The method.
    var method: String
    /// Path and query, with their escapes.
    var target: String
    /// The fields in the order of the client, without `Host` unless it names another one.
    var fields: [PlainField] = []
    /// The body.
    var body: [UInt8] = []

    init(
        _ method: String,
        _ target: String,
        _ fields: [PlainField] = [],
        body: String = ""
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = Array(body.utf8)
    }

    /// The first field with a name, whatever its case.
    subscript(name: String) -> String? { fields.value(of: name) }

    /// The path, with its escapes.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// What stands after `?`, with its escapes.
    var query: String? {
        guard let mark = target.firstIndex(of: "?") else { return nil }
        return String(target[target.index(after: mark)...])
    }

    /// Whether the request is about the log of all streams.
    var isAboutAll: Bool {
        target.hasPrefix("/streams/$all") || target.lowercased().hasPrefix("/streams/%24all")
    }
}

/// A header field as it is written.
struct PlainField: Hashable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Who asks, as a client says it.
    static func login(_ name: String, _ password: String) -> PlainField {
        PlainField(
            "Authorization",
            "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
        )
    }

    /// What is wanted.
    static func accept(_ type: String) -> PlainField { PlainField("Accept", type) }

    /// What the body is.
    static func contentType(_ type: String) -> PlainField { PlainField("Content-Type", type) }
}

extension [PlainField] {
    /// The first value of a name, whatever its case.
    func value(of name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

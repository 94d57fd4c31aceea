import HTTPTypes

/// One answer of a feed, as a server without faults gives it; what a ``Fault`` bends.
public struct FeedAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The header fields in their order, besides `Content-Length`.
    public var fields: [(name: String, value: String)]
    /// The body, without any coding.
    public var body: [UInt8]

    /// Puts an answer together.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - fields: The header fields, besides `Content-Length`.
    ///   - body: The body.
    public init(_ status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    init(_ status: Int, _ fields: HTTPFields, _ body: [UInt8] = []) {
        self.init(
            status,
            fields: fields.map { (name: $0.name.rawName, value: $0.value) },
            body: body
        )
    }

    /// The body as text.
    public var text: String {
        get { String(decoding: body, as: UTF8.self) }
        set { body = Array(newValue.utf8) }
    }

    /// The value of the first field with this name, in any case; setting it replaces them all, or
    /// takes them away.
    public subscript(name: String) -> String? {
        get { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { fields.append((name: name, value: newValue)) }
        }
    }

    /// The answer as it travels.
    public var step: ScriptedServer.Step {
        .answer(status, fields.map { "\($0.name): \($0.value)" }, body)
    }

    /// The beginning of the answer as it travels: everything before the body, for a body that is
    /// sent otherwise.
    ///
    /// - Parameter framing: `Content-Length` or `Transfer-Encoding`, as a whole line.
    /// - Returns: The step that sends it.
    public func beginning(_ framing: String) -> ScriptedServer.Step {
        let lines = fields.map { "\($0.name): \($0.value)" } + [framing]
        return .text("HTTP/1.1 \(status) Some Reason\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n")
    }
}

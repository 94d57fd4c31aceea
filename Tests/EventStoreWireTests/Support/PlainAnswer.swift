/// An answer as it stands on the wire.
struct PlainAnswer: Sendable {
    /// The bytes are no answer.
    struct Malformed: Error {
        let reason: String
    }

    /// The status code.
    var status: Int
    /// The reason phrase; it may be empty.
    var reason: String
    /// The fields in the order of the answer.
    var fields: [PlainField]
    /// The body; none for HEAD.
    var body: [UInt8]

    init(_ status: Int, _ reason: String, _ fields: [PlainField] = [], body: [UInt8] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
    }

    /// Reads an answer that ends where the bytes end.
    init(_ bytes: [UInt8]) throws(Malformed) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Malformed(reason: "no end of the header")
        }
        var lines = bytes[..<end.lowerBound].split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        }
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 ") else {
            throw Malformed(reason: "no status line")
        }
        lines.removeFirst()
        guard let status = Int(first.dropFirst(9).prefix(3)) else {
            throw Malformed(reason: "no status in \(first)")
        }
        var fields: [PlainField] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else {
                throw Malformed(reason: "no field: \(line)")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append(PlainField(String(line[..<colon]), String(value)))
        }
        self.init(
            status,
            String(first.dropFirst(13)),
            fields,
            body: Array(bytes[end.upperBound...])
        )
    }

    /// The first field with a name, whatever its case.
    subscript(name: String) -> String? { fields.value(of: name) }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// Sets a field, whatever the case of its name, or removes it.
    mutating func set(_ name: String, to value: String?) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { fields.append(PlainField(name, value)) }
    }

    /// Replaces text in the body.
    mutating func replace(_ old: String, with new: String) {
        body = Array(text.replacing(old, with: new).utf8)
    }
}

import EventModel

extension ProblemDetails {
    /// Renders the body: one line and LF.
    ///
    /// - Returns: The body.
    public func render() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt8(ascii: "{"))
        JSONWriting.appendName("type", to: &bytes)
        JSONWriting.appendString(type, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        JSONWriting.appendName("title", to: &bytes)
        JSONWriting.appendString(title, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        JSONWriting.appendName("status", to: &bytes)
        Decimal.append(Int64(status), to: &bytes)
        bytes.append(UInt8(ascii: ","))
        JSONWriting.appendName("detail", to: &bytes)
        JSONWriting.appendString(detail, to: &bytes)
        for fact in facts {
            bytes.append(UInt8(ascii: ","))
            JSONWriting.appendString(fact.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            Self.append(fact.value, to: &bytes)
        }
        bytes.append(contentsOf: "}\n".utf8)
        return bytes
    }

    private static func append(_ fact: Fact, to bytes: inout [UInt8]) {
        switch fact {
        case .number(let number):
            bytes.append(contentsOf: String(number).utf8)
        case .text(let text):
            JSONWriting.appendString(text, to: &bytes)
        case .texts(let texts):
            appendList(texts, to: &bytes) { JSONWriting.appendString($0, to: &$1) }
        case .known(let events):
            appendList(events, to: &bytes) { event, bytes in
                bytes.append(UInt8(ascii: "{"))
                JSONWriting.appendName("id", to: &bytes)
                JSONWriting.appendString(event.id, to: &bytes)
                bytes.append(UInt8(ascii: ","))
                JSONWriting.appendName("number", to: &bytes)
                Decimal.append(event.number, to: &bytes)
                bytes.append(UInt8(ascii: "}"))
            }
        }
    }

    private static func appendList<Element>(
        _ list: [Element],
        to bytes: inout [UInt8],
        _ append: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in list.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(element, &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Reads the body of an error answer.
    ///
    /// Facts that are neither number, text, list of texts nor list of known events are left out;
    /// where a name occurs twice, its last value counts.
    ///
    /// - Parameters:
    ///   - bytes: The body; returns nil where it is no JSON object with a text `type`.
    ///   - status: The status of the answer, which counts more than the member.
    public init?(_ bytes: [UInt8], status: Int) {
        var facts: [(String, Fact)]
        do throws(JSONError) {
            facts = try Self.members(bytes)
        } catch {
            return nil
        }
        func takeText(_ name: String) -> String? {
            guard let index = facts.lastIndex(where: { $0.0 == name }),
                case .text(let text) = facts[index].1
            else { return nil }
            facts.removeAll { $0.0 == name }
            return text
        }
        guard let type = takeText("type") else { return nil }
        let title = takeText("title") ?? ""
        let detail = takeText("detail") ?? title
        facts.removeAll { $0.0 == "status" }
        self.init(type: type, status: status, title: title, detail: detail, facts: facts)
    }

    private static func members(_ bytes: [UInt8]) throws(JSONError) -> [(String, Fact)] {
        var reader = JSONReader(bytes)
        var members: [(String, Fact)] = []
        var isFirst = true
        try reader.enterObject()
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            if let fact = try fact(&reader) { members.append((try name.text(in: bytes), fact)) }
        }
        try reader.endText()
        return members
    }

    private static func fact(_ reader: inout JSONReader) throws(JSONError) -> Fact? {
        switch reader.peek() {
        case UInt8(ascii: "\"")?:
            return .text(try reader.string().text(in: reader.bytes))
        case UInt8(ascii: "[")?:
            let range = try reader.value()
            return try list(reader.bytes, range)
        default:
            return Decimal.number(reader.bytes[try reader.value()]).map { .number($0) }
        }
    }

    private static func list(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONError) -> Fact? {
        var reader = JSONReader(bytes, in: range)
        var texts: [String] = []
        var events: [KnownEvent] = []
        var count = 0
        try reader.enterArray()
        while try reader.nextElement(isFirst: count == 0) {
            count += 1
            switch reader.peek() {
            case UInt8(ascii: "\"")?:
                texts.append(try reader.string().text(in: bytes))
            case UInt8(ascii: "{")?:
                if let event = try knownEvent(bytes, try reader.value()) { events.append(event) }
            default:
                _ = try reader.value()
            }
        }
        if texts.count == count { return .texts(texts) }
        return events.count == count ? .known(events) : nil
    }

    private static func knownEvent(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONError)
        -> KnownEvent?
    {
        var reader = JSONReader(bytes, in: range)
        var id: String?
        var number: Int64?
        var isFirst = true
        try reader.enterObject()
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            switch (try name.text(in: bytes), try fact(&reader)) {
            case ("id", .text(let text)?): id = text
            case ("number", .number(let value)?): number = value
            default: break
            }
        }
        guard let id, let number else { return nil }
        return KnownEvent(id: id, number: number)
    }
}

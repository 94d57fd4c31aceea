import AtomFormat
import EventModel

/// JSON and NDJSON documents of an event feed as a reader takes them in.
struct JSONReading {
    private let bytes: [UInt8]
    private var reader: JSONReader
    /// Added to lines in errors: NDJSON is read line by line.
    private var line: Int?

    /// Begins a document, or one line of one.
    init(_ bytes: [UInt8], in range: Range<Int>? = nil, line: Int? = nil) {
        self.bytes = bytes
        self.line = line
        reader = JSONReader(bytes, in: range)
    }

    /// Reads a JSON document with its facts.
    mutating func feed() throws(FeedFormatError) -> ParsedFeed {
        var facts: FeedFacts?
        var links: [ParsedLink] = []
        var entries: [ParsedEntry]?
        var seen: Set<String> = []
        try json { (reader) throws(JSONError) in try reader.enterObject() }
        while let name = try nextName(isFirst: seen.isEmpty) {
            let known = ["feed", "links", "events"].contains(name)
            guard seen.insert(name).inserted || !known else {
                throw FeedFormatError(.repeated, field: name)
            }
            switch name {
            case "feed": facts = try self.facts()
            case "links": links = try self.links()
            case "events": entries = try events()
            default: try json { (reader) throws(JSONError) in _ = try reader.value() }
            }
        }
        try json { (reader) throws(JSONError) in try reader.endText() }
        guard let facts else {
            throw AtomReading.notAnEventFeed("a JSON object without the member feed")
        }
        guard let entries else { throw FeedFormatError(.missing, field: "events") }
        return try ParsedFeed.checked(facts, links: links, entries: entries)
    }

    /// Reads an NDJSON document.
    static func lines(_ bytes: [UInt8], _ facts: FeedFacts, links: [ParsedLink])
        throws(FeedFormatError) -> ParsedFeed
    {
        var entries: [ParsedEntry] = []
        var start = 0
        while start < bytes.count {
            let line = entries.count + 1
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                throw FeedFormatError(
                    .malformed,
                    at: (line, nil),
                    found: ("the end of the document", "a line feed after every event")
                )
            }
            var reading = JSONReading(bytes, in: start..<end, line: line)
            entries.append(try reading.onlyEvent())
            guard entries.count <= 2 * Limits.readEvents else {
                throw FeedFormatError(.tooLarge, field: "events", at: (line, nil))
            }
            start = end + 1
        }
        return try ParsedFeed.checked(facts, links: links, entries: entries)
    }

    /// Reads one event and nothing else.
    mutating func onlyEvent() throws(FeedFormatError) -> ParsedEntry {
        let entry = try event()
        try json { (reader) throws(JSONError) in try reader.endText() }
        return entry
    }

    private mutating func events() throws(FeedFormatError) -> [ParsedEntry] {
        var entries: [ParsedEntry] = []
        try json { (reader) throws(JSONError) in try reader.enterArray() }
        while try nextElement(isFirst: entries.isEmpty) {
            entries.append(try event())
            guard entries.count <= 2 * Limits.readEvents else {
                throw FeedFormatError(.tooLarge, field: "events")
            }
        }
        return entries
    }

    private mutating func links() throws(FeedFormatError) -> [ParsedLink] {
        var links: [ParsedLink] = []
        try json { (reader) throws(JSONError) in try reader.enterObject() }
        while let relation = try nextName(isFirst: links.isEmpty) {
            guard case .string(let reference) = try value() else {
                throw FeedFormatError(.invalidValue, field: "links/\(relation)")
            }
            links.append(ParsedLink(relation: relation, reference: try text(reference)))
        }
        return links
    }

    private mutating func facts() throws(FeedFormatError) -> FeedFacts {
        var facts = FactTexts { "feed/\($0.member)" }
        var isFirst = true
        try json { (reader) throws(JSONError) in try reader.enterObject() }
        while let name = try nextName(isFirst: isFirst) {
            isFirst = false
            let value = try value()
            guard let fact = FactName.allCases.first(where: { $0.member == name }) else { continue }
            guard facts.texts[fact] == nil else {
                throw FeedFormatError(.repeated, field: "feed/\(name)")
            }
            switch value {
            case .string(let string) where !fact.isNumber: facts.texts[fact] = try text(string)
            case .other(let range) where fact.isNumber:
                facts.texts[fact] = String(decoding: bytes[range], as: UTF8.self)
            default:
                let expected = fact.isNumber ? "a number" : "a string"
                throw FeedFormatError(
                    .invalidValue,
                    field: "feed/\(name)",
                    found: (nil, expected)
                )
            }
        }
        return try facts.facts()
    }

    // MARK: Errors

    /// Runs a step of the reader and says where it failed.
    private mutating func json<Result>(
        _ step: (inout JSONReader) throws(JSONError) -> Result
    ) throws(FeedFormatError) -> Result {
        do throws(JSONError) {
            return try step(&reader)
        } catch {
            throw FeedFormatError(error, in: bytes, line: line)
        }
    }

    private mutating func nextName(isFirst: Bool) throws(FeedFormatError) -> String? {
        guard
            let name = try json({ (reader) throws(JSONError) in
                try reader.nextName(isFirst: isFirst)
            })
        else { return nil }
        return try text(name)
    }

    private mutating func nextElement(isFirst: Bool) throws(FeedFormatError) -> Bool {
        try json { (reader) throws(JSONError) in try reader.nextElement(isFirst: isFirst) }
    }

    private mutating func value() throws(FeedFormatError) -> EventMembers.Value {
        try json { (reader) throws(JSONError) in
            reader.peek() == UInt8(ascii: "\"")
                ? .string(try reader.string())
                : .other(try reader.value())
        }
    }

    private mutating func text(_ string: JSONString) throws(FeedFormatError) -> String {
        try json { (reader) throws(JSONError) in try string.text(in: reader.bytes) }
    }

    // MARK: Events

    private mutating func event() throws(FeedFormatError) -> ParsedEntry {
        let members: EventMembers
        do throws(EventMembers.Fault) {
            members = try EventMembers(&reader, refusesUnknown: false)
        } catch {
            throw fault(error)
        }
        var texts = EntryTexts()
        let number = try texts.eventNumber(
            bytes[try number(.number, members, texts)],
            "number"
        )
        let metadataTypeText = try string(.metadataMediaType, ifAny: members, texts)
        let metadataType = try metadataTypeText.map { (text) throws(FeedFormatError) in
            try texts.mediaType(text, "metadataMediaType")
        }
        let mediaType = try texts.mediaType(string(.mediaType, members, texts), "mediaType")
        guard let data = try value(.data, mediaType, members, texts) else {
            throw texts.missing("data")
        }
        guard let id = EventID(try string(.id, members, texts)) else {
            throw texts.invalid("id", "".utf8, "a UUID")
        }
        return ParsedEntry(
            number: number,
            version: try texts.version(bytes[try self.number(.version, members, texts)], "version"),
            recordedAt: try texts.instant(string(.recordedAt, members, texts), "recordedAt"),
            id: id,
            stream: try texts.stream(string(.stream, members, texts), "stream"),
            type: try texts.type(string(.type, members, texts), "type"),
            data: data,
            metadata: try value(.metadata, metadataType ?? .json, members, texts)
        )
    }

    private func fault(_ fault: EventMembers.Fault) -> FeedFormatError {
        switch fault {
        case .json(let error), .tooDeep(let error, _): FeedFormatError(error, in: bytes, line: line)
        case .unknown(let name): FeedFormatError(.invalidValue, field: name)
        case .repeated(let name):
            FeedFormatError(.repeated, field: name, at: line.map { ($0, nil) })
        }
    }

    private func number(_ member: EventMember, _ members: EventMembers, _ texts: EntryTexts)
        throws(FeedFormatError) -> Range<Int>
    {
        switch members[member] {
        case .other(let range)?: return range
        case .string?: throw texts.invalid(member.rawValue, "a string".utf8, "a number")
        case nil: throw texts.missing(member.rawValue)
        }
    }

    private mutating func string(
        _ member: EventMember,
        _ members: EventMembers,
        _ texts: EntryTexts
    ) throws(FeedFormatError) -> String {
        guard let text = try string(member, ifAny: members, texts) else {
            throw texts.missing(member.rawValue)
        }
        return text
    }

    private mutating func string(
        _ member: EventMember,
        ifAny members: EventMembers,
        _ texts: EntryTexts
    ) throws(FeedFormatError) -> String? {
        switch members[member] {
        case .string(let string)?: return try text(string)
        case .other(let range)?: throw texts.invalid(member.rawValue, bytes[range], "a string")
        case nil: return nil
        }
    }

    /// One of the four members that can hold a value.
    private mutating func value(
        _ kind: ValueKind,
        _ mediaType: MediaType,
        _ members: EventMembers,
        _ texts: EntryTexts
    ) throws(FeedFormatError) -> ParsedValue? {
        let names = kind.members
        let present = [names.plain, names.text, names.base64, names.source].filter {
            members[$0] != nil
        }
        guard let name = present.first else { return nil }
        guard present.count == 1 else {
            throw texts.repeated(present.map(\.rawValue).joined(separator: " and "))
        }
        if name == names.plain {
            let range = members[name]?.range ?? 0..<0
            return .inline(Payload(Array(bytes[range]), mediaType: mediaType))
        }
        let text = try string(name, members, texts)
        switch name {
        case names.text:
            return .inline(Payload(Array(text.utf8), mediaType: mediaType))
        case names.base64:
            guard let value = Base64.decode(text) else {
                throw texts.invalid(name.rawValue, text.utf8, "base64 with padding")
            }
            return .inline(Payload(value, mediaType: mediaType))
        default:
            let length = bytes[try number(names.length, members, texts)]
            let digest = try string(names.digest, members, texts)
            return .outOfLine(
                try texts.outOfLine(text, mediaType, length: length, digest: digest)
            )
        }
    }
}

extension ValueKind {
    /// The members that hold a value.
    var members:
        (
            plain: EventMember, text: EventMember, base64: EventMember, source: EventMember,
            length: EventMember, digest: EventMember
        )
    {
        switch self {
        case .data: (.data, .dataText, .dataBase64, .dataSrc, .dataLength, .dataDigest)
        case .metadata:
            (
                .metadata, .metadataText, .metadataBase64, .metadataSrc, .metadataLength,
                .metadataDigest
            )
        }
    }
}

extension FeedFormatError {
    /// Says where JSON ends to be JSON.
    init(_ error: JSONError, in bytes: [UInt8], line: Int?) {
        let index = min(error.index, bytes.count)
        let before = bytes[..<index]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = line ?? before.count { $0 == UInt8(ascii: "\n") } + 1
        self.init(
            error.reason == .tooDeep ? .tooLarge : .malformed,
            at: (lines, index - lineStart + 1),
            found: ("JSON has \(error.description)", nil)
        )
    }
}

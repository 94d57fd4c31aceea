import AtomFormat
import EventModel

/// Reads one line of `POST /events`.
struct EventLineParser {
    private let bytes: [UInt8]
    private let limits: WireLimits
    private var reader: JSONReader

    init(_ bytes: [UInt8], limits: WireLimits) {
        self.bytes = bytes
        self.limits = limits
        reader = JSONReader(bytes)
    }

    /// The event of the line, and what it expects of its stream.
    mutating func parse() throws(InvalidSubmission) -> (NewEvent, ExpectedVersion?) {
        let members = try members()
        for member in [EventMember.dataSrc, .dataLength, .dataDigest, .metadataSrc] {
            try refuseOutOfLine(member, members)
        }
        try refuseOutOfLine(.metadataLength, members)
        try refuseOutOfLine(.metadataDigest, members)
        let stream: StreamName
        let type: EventType
        let streamText = try required(.stream, members)
        let typeText = try required(.type, members)
        do throws(InvalidName) {
            stream = try StreamName(streamText)
        } catch { throw InvalidSubmission(error, "stream") }
        do throws(InvalidName) {
            type = try EventType(typeText)
        } catch { throw InvalidSubmission(error, "type") }
        let event = NewEvent(
            id: try id(members) ?? .timeOrdered(),
            stream: stream,
            type: type,
            data: try data(members),
            metadata: try metadata(members)
        )
        return (event, try expectation(members))
    }

    private mutating func members() throws(InvalidSubmission) -> EventMembers {
        do throws(EventMembers.Fault) {
            let members = try EventMembers(&reader, refusesUnknown: true)
            do throws(JSONError) {
                try reader.endText()
            } catch {
                throw EventMembers.Fault.json(error)
            }
            return members
        } catch {
            throw invalid(error)
        }
    }

    private func invalid(_ fault: EventMembers.Fault) -> InvalidSubmission {
        switch fault {
        case .tooDeep(_, let member):
            return InvalidSubmission(
                .tooDeep,
                String(member.prefix(100)),
                "the value of \"\(member.prefix(100))\" is nested deeper than "
                    + "\(Limits.jsonDepth)"
            )
        case .json(let error):
            var invalid = InvalidSubmission(
                .invalidBody,
                "column \(error.index + 1): \(error.description); send one JSON object a line"
            )
            invalid.column = error.index + 1
            return invalid
        case .unknown(let name):
            return InvalidSubmission(
                .unknownMember,
                String(name.prefix(100)),
                "unknown member \"\(name.prefix(100))\". Put it into data or metadata."
            )
        case .repeated(let name):
            return InvalidSubmission(
                .repeatedMember,
                name,
                "the member \"\(name)\" occurs twice: say it once"
            )
        }
    }

    private func refuseOutOfLine(_ member: EventMember, _ members: EventMembers)
        throws(InvalidSubmission)
    {
        guard members[member] != nil else { return }
        throw InvalidSubmission(
            .outOfLine,
            member.rawValue,
            "\(member.rawValue) is for answers: send the value itself"
        )
    }

    // MARK: Strings

    private func string(_ member: EventMember, _ members: EventMembers) throws(InvalidSubmission)
        -> String?
    {
        switch members[member] {
        case nil:
            return nil
        case .other(let range)?:
            throw InvalidSubmission(
                .wrongType,
                member.rawValue,
                value: String(decoding: bytes[range].prefix(400), as: UTF8.self),
                "\(member.rawValue) is no string"
            )
        case .string(let string)?:
            do throws(JSONError) {
                return try string.text(in: bytes)
            } catch {
                throw InvalidSubmission(
                    .character,
                    member.rawValue,
                    "\(member.rawValue) has \(error.description)"
                )
            }
        }
    }

    private func required(_ member: EventMember, _ members: EventMembers)
        throws(InvalidSubmission) -> String
    {
        guard let text = try string(member, members) else {
            throw InvalidSubmission(
                .missing,
                member.rawValue,
                "\(member.rawValue) is missing: every event has it"
            )
        }
        return text
    }

    private func id(_ members: EventMembers) throws(InvalidSubmission) -> EventID? {
        guard let text = try string(.id, members) else { return nil }
        guard let id = EventID(text) else {
            throw InvalidSubmission(.notUUID, "id", value: text, "id is no UUID")
        }
        return id
    }

    private func mediaType(_ member: EventMember, _ members: EventMembers)
        throws(InvalidSubmission) -> MediaType?
    {
        guard let text = try string(member, members) else { return nil }
        do throws(InvalidName) {
            return try MediaType(text)
        } catch { throw InvalidSubmission(error, member.rawValue) }
    }

    // MARK: Values

    private func data(_ members: EventMembers) throws(InvalidSubmission) -> Payload {
        let mediaType = try mediaType(.mediaType, members)
        guard let (bytes, standard, member) = try value(.data, members) else {
            throw InvalidSubmission(
                .choice,
                "data",
                "there is no data: send data, dataText or dataBase64"
            )
        }
        let data = Payload(bytes, mediaType: mediaType ?? standard)
        try InvalidSubmission.check(data, member.rawValue, limit: limits.store.dataBytes)
        return data
    }

    private func metadata(_ members: EventMembers) throws(InvalidSubmission) -> Payload? {
        let mediaType = try mediaType(.metadataMediaType, members)
        guard let (bytes, _, member) = try value(.metadata, members) else {
            guard mediaType == nil else {
                throw InvalidSubmission(
                    .choice,
                    "metadataMediaType",
                    "metadataMediaType stands without metadata: leave it out"
                )
            }
            return nil
        }
        guard mediaType?.isJSON ?? true else {
            throw InvalidSubmission(
                .mediaType,
                "metadataMediaType",
                value: mediaType?.text,
                "metadata is JSON: use application/json or a type that ends with +json"
            )
        }
        let metadata = Payload(bytes, mediaType: mediaType ?? .json)
        try InvalidSubmission.check(
            metadata,
            member.rawValue,
            limit: limits.store.metadataBytes
        )
        try InvalidSubmission.checkMetadata(bytes, field: member.rawValue)
        return metadata
    }

    /// The bytes of a value, the media type that it has where none is named, and its member.
    private func value(_ kind: ValueKind, _ members: EventMembers) throws(InvalidSubmission)
        -> ([UInt8], MediaType, EventMember)?
    {
        let names = kind.members
        let present = [names.plain, names.text, names.base64].filter { members[$0] != nil }
        guard let name = present.first else { return nil }
        guard present.count == 1 else {
            throw InvalidSubmission(
                .choice,
                names.plain.rawValue,
                "\(present.map(\.rawValue).joined(separator: " and ")) together: send one of them"
            )
        }
        if name == names.plain, let value = members[name] {
            return (Array(bytes[value.range]), .json, name)
        }
        let text = try string(name, members) ?? ""
        if name == names.text { return (Array(text.utf8), .plainText, name) }
        // White space makes the text longer than the bytes need.
        guard let value = Base64.decode(text), text.utf8.count == (value.count + 2) / 3 * 4 else {
            throw InvalidSubmission(
                .notBase64,
                name.rawValue,
                value: text,
                "\(name.rawValue) is no base64 with padding and without white space"
            )
        }
        return (value, .octetStream, name)
    }

    // MARK: Expectation

    private func expectation(_ members: EventMembers) throws(InvalidSubmission) -> ExpectedVersion?
    {
        switch members[.expect] {
        case nil:
            return nil
        case .other(let range)?:
            if let count = Decimal.number(bytes[range]) {
                return count == 0 ? ExpectedVersion.none : .exactly(StreamVersion(count))
            }
            throw notAnExpectation(String(decoding: bytes[range].prefix(400), as: UTF8.self))
        case .string?:
            let text = try string(.expect, members) ?? ""
            switch text {
            case "any": return .any
            case "none": return ExpectedVersion.none
            case "exists": return .exists
            default: throw notAnExpectation(text)
            }
        }
    }

    private func notAnExpectation(_ value: String) -> InvalidSubmission {
        InvalidSubmission(
            .expectation,
            "expect",
            value: value,
            "expect is \"any\", \"none\", \"exists\" or a count"
        )
    }
}

extension EventMembers.Value {
    /// Where the value stands, quotes included.
    var range: Range<Int> {
        switch self {
        case .string(let string): (string.range.lowerBound - 1)..<(string.range.upperBound + 1)
        case .other(let range): range
        }
    }
}

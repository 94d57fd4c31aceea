import AtomFormat
import EventModel

/// Reads a body of lines: one JSON object for each event, as `POST /events` takes them, with data
/// and metadata whose bytes and media types are kept exactly.
///
/// The product has no such body. Its own forms change what they carry: they indent JSON, drop
/// scalars, and have no way to write metadata beside bytes that are no text.
enum EventLinesBody {
    /// The members that a value may be written as, and what says which media type it has.
    private struct Names {
        let plain, text, base64, mediaType: String
        /// The media type of every form where none is named; nil where each has its own.
        let standard: MediaType?
    }

    private static let data = Names(
        plain: "data",
        text: "dataText",
        base64: "dataBase64",
        mediaType: "mediaType",
        standard: nil
    )
    private static let metadata = Names(
        plain: "metadata",
        text: "metadataText",
        base64: "metadataBase64",
        mediaType: "metadataMediaType",
        standard: .json
    )
    /// Members that recorded events have and that are not the writer's to say.
    private static let ignored: Set<String> = ["number", "version", "recordedAt"]

    /// Reads all lines.
    ///
    /// - Parameters:
    ///   - body: The whole body; empty lines are skipped.
    ///   - stream: The stream that every line must name.
    /// - Returns: The events in their order, at least one.
    /// - Throws: ``WireRefusal`` (400) that names the line; ``EventModel/InvalidName``.
    static func events(_ body: [UInt8], of stream: StreamName) throws -> [NewEvent] {
        var events: [NewEvent] = []
        var line = 0
        for range in lines(of: body) {
            line += 1
            if body[range].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            guard events.count < Limits.standard.eventsPerAppend else {
                throw refusal(line, "there are more than \(events.count) events")
            }
            events.append(try event(body, range, line, of: stream))
        }
        if events.isEmpty { throw WireRefusal.invalid("Write request body invalid.") }
        return events
    }

    private static func lines(of body: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for index in body.indices where body[index] == UInt8(ascii: "\n") {
            lines.append(start..<index)
            start = index + 1
        }
        if start < body.count { lines.append(start..<body.count) }
        return lines
    }

    private static func event(
        _ body: [UInt8],
        _ range: Range<Int>,
        _ line: Int,
        of stream: StreamName
    ) throws -> NewEvent {
        let members = try members(body, range, line)
        guard try members.text("stream").map({ Array($0.utf8) }) == Array(stream.text.utf8) else {
            throw refusal(line, "stream is missing or another one than that of the address")
        }
        guard let id = try members.text("id").flatMap({ EventID($0) }) else {
            throw refusal(line, "id is missing or no UUID")
        }
        guard let type = try members.text("type") else { throw refusal(line, "type is missing") }
        guard let value = try payload(members, data) else {
            throw refusal(line, "there is no data: send data, dataText or dataBase64")
        }
        return NewEvent(
            id: id,
            stream: stream,
            type: try EventType(type),
            data: value,
            metadata: try payload(members, metadata)
        )
    }

    private static func payload(_ members: Members, _ names: Names) throws -> Payload? {
        let given = [names.plain, names.text, names.base64].filter { members[$0] != nil }
        guard let name = given.first else {
            guard members[names.mediaType] == nil else {
                throw refusal(members.line, "\(names.mediaType) stands without a value")
            }
            return nil
        }
        guard given.count == 1 else {
            throw refusal(members.line, "\(given.joined(separator: " and ")) stand together")
        }
        let named = try members.text(names.mediaType).map { try MediaType($0) }
        let mediaType = named ?? names.standard
        if name == names.plain, let range = members[name]?.range {
            return Payload(Array(members.body[range]), mediaType: mediaType ?? .json)
        }
        let bytes = try members.bytes(name) ?? []
        if name == names.text { return Payload(bytes, mediaType: mediaType ?? .plainText) }
        guard let decoded = Base64.decode(String(decoding: bytes, as: UTF8.self)) else {
            throw refusal(members.line, "\(name) is no base64")
        }
        return Payload(decoded, mediaType: mediaType ?? .octetStream)
    }

    /// The members of a line by their names.
    private struct Members {
        let body: [UInt8]
        let line: Int
        var values: [String: (range: Range<Int>, string: JSONString?)] = [:]

        subscript(_ name: String) -> (range: Range<Int>, string: JSONString?)? { values[name] }

        /// The characters of a string; nil where there is no such member.
        func bytes(_ name: String) throws -> [UInt8]? {
            guard let value = values[name] else { return nil }
            guard let string = value.string, let bytes = try? string.utf8(in: body) else {
                throw refusal(line, "\(name) is no string")
            }
            return Array(bytes)
        }

        func text(_ name: String) throws -> String? {
            try bytes(name).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func members(_ body: [UInt8], _ range: Range<Int>, _ line: Int) throws
        -> Members
    {
        let known = [data, metadata].flatMap { [$0.plain, $0.text, $0.base64, $0.mediaType] }
        let names = Set(known + ["stream", "id", "type"])
        var members = Members(body: body, line: line)
        var repeated: String?
        do throws(JSONError) {
            var reader = JSONReader(body, in: range)
            try reader.enterObject()
            var isFirst = true
            while let string = try reader.nextName(isFirst: isFirst) {
                isFirst = false
                let name = try string.text(in: body)
                if members.values[name] != nil { repeated = name }
                if reader.peek() == UInt8(ascii: "\"") {
                    let text = try reader.string()
                    // The quotes belong to the value.
                    let range = (text.range.lowerBound - 1)..<(text.range.upperBound + 1)
                    members.values[name] = (range, text)
                } else {
                    members.values[name] = (try reader.value(), nil)
                }
            }
            try reader.endText()
        } catch {
            throw refusal(line, "it is no JSON object: \(error.description)")
        }
        if let repeated { throw refusal(line, "\(repeated.prefix(64)) stands there twice") }
        if let name = members.values.keys.first(where: { !names.union(ignored).contains($0) }) {
            throw refusal(line, "\(name.prefix(64)) is unknown")
        }
        return members
    }

    private static func refusal(_ line: Int, _ text: String) -> WireRefusal {
        // What stands in a reason phrase ends at a control character.
        let phrase = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        return .invalid("Line \(line): \(String(String.UnicodeScalarView(phrase)))")
    }
}

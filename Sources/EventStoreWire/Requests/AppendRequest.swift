import EventModel
import HTTPTypes

/// An append as the head of its request has it: how the body is to be read, and what is expected.
struct AppendRequest: Sendable {
    /// How a body becomes events.
    enum Form: Equatable, Sendable {
        /// A list of events as JSON.
        case jsonList
        /// A list of events as XML.
        case xmlList
        /// Lines as of `POST /events`, all of them events of the stream.
        case lines
        /// The data of one event, whose type and id stand in the head.
        case data(WireCodec, type: EventType, id: EventID)
    }

    /// The stream that gets the events.
    var stream: StreamName
    /// How the body is read.
    var form: Form
    /// What is expected of the stream.
    var expected: ExpectedNumber

    /// What the head of an append leads to.
    enum Reading {
        /// The body can be read.
        case append(AppendRequest)
        /// The client is to repeat the request at an address with an id.
        case needsID
    }

    /// The codec of a body.
    ///
    /// - Parameters:
    ///   - fields: The request's fields.
    ///   - accepted: The codecs that the address takes.
    /// - Returns: The codec.
    /// - Throws: 415, where it is none of them; types compare with case here.
    static func codec(_ fields: HTTPFields, _ accepted: [WireCodec]) throws -> WireCodec {
        guard let text = fields[.contentType], let range = MediaRange(text) else {
            throw WireAnswers.unsupportedType
        }
        let name = text.prefix { $0 != ";" }.filter { $0 != " " }
        guard let codec = accepted.first(where: { $0.rawValue == name }) else {
            throw WireAnswers.unsupportedType
        }
        if let charset = range.charset, charset.lowercased() != "utf-8" {
            throw WireAnswers.unsupportedType
        }
        return codec
    }

    /// Reads the head of `POST /streams/{s}`.
    static func ofStream(_ stream: StreamName, _ codec: WireCodec, _ headers: WireHeaders) throws
        -> Reading
    {
        switch codec {
        case .eventsJSON, .eventJSON, .streamDescription:
            return .append(try list(.jsonList, stream, headers))
        case .eventsXML, .eventXML:
            return .append(try list(.xmlList, stream, headers))
        case .eventLines:
            return .append(try list(.lines, stream, headers))
        default:
            break
        }
        guard let type = headers.eventType else {
            throw WireRefusal.invalid(
                "Must include an event type with the request either in body or as "
                    + "ES-EventType header."
            )
        }
        guard let id = try headers.eventID() else { return .needsID }
        let expected = try headers.expectedNumber()
        try headers.checkRequiredLeader()
        let form = try Self.form(codec, type, id)
        return .append(AppendRequest(stream: stream, form: form, expected: expected))
    }

    /// Reads the head of `POST /streams/{s}/incoming/{guid}`.
    static func incoming(
        _ stream: StreamName,
        id text: String,
        _ codec: WireCodec,
        _ headers: WireHeaders
    ) throws -> AppendRequest {
        guard let id = WrittenID.parse(Array(text.utf8)) else {
            throw WireRefusal.invalid("Invalid request. Unable to parse guid")
        }
        let expected = try headers.expectedNumber()
        try headers.checkRequiredLeader()
        guard let type = headers.eventType else {
            throw WireRefusal.invalid("Empty eventType provided.")
        }
        let form = try Self.form(codec, type, id)
        return AppendRequest(stream: stream, form: form, expected: expected)
    }

    /// Reads the head of `POST /streams/{s}/metadata`.
    static func metadata(_ stream: StreamName, _ codec: WireCodec, _ headers: WireHeaders) throws
        -> AppendRequest
    {
        guard !stream.isMetadataStream else {
            throw WireRefusal.invalid(
                "Invalid request. Stream must be non-empty string and should not be metastream"
            )
        }
        guard let target = stream.metadataStream else {
            throw WireRefusal.invalid("The stream's name is too long to have metadata.")
        }
        switch codec {
        case .eventsJSON, .eventJSON, .streamDescription:
            return try list(.jsonList, target, headers)
        case .eventsXML, .eventXML:
            return try list(.xmlList, target, headers)
        default:
            break
        }
        if let type = headers.eventType, type != EventType.streamMetadata.text {
            throw WireRefusal.invalid(
                "Bad Request. You should not include an event type for metadata."
            )
        }
        guard let id = try headers.eventID() else {
            throw WireRefusal.invalid("Empty eventId provided.")
        }
        let expected = try headers.expectedNumber()
        try headers.checkRequiredLeader()
        let form = try Self.form(codec, EventType.streamMetadata.text, id)
        return AppendRequest(stream: target, form: form, expected: expected)
    }

    private static func list(_ form: Form, _ stream: StreamName, _ headers: WireHeaders) throws
        -> AppendRequest
    {
        let expected = try headers.expectedNumber()
        try headers.checkRequiredLeader()
        return AppendRequest(stream: stream, form: form, expected: expected)
    }

    private static func form(_ codec: WireCodec, _ type: String, _ id: EventID) throws -> Form {
        switch codec {
        // The product reads such a body as a list, though it demands id and type in the head.
        case .atomJSON: .jsonList
        case .atomXML: .xmlList
        default: .data(codec, type: try EventType(type), id: id)
        }
    }
}

/// Turns bodies into events.
extension AppendRequest {
    /// The events of a body.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - limits: What the store takes.
    /// - Returns: The events in the order of the body.
    /// - Throws: 400 with the product's sentence; ``InvalidName``, ``LimitExceeded``.
    func events(_ body: [UInt8], limits: Limits) throws -> [NewEvent] {
        let written: [WrittenEvent]
        switch form {
        case .data(let codec, let type, let id):
            let data = Payload(body, mediaType: codec == .json ? .json : try codec.mediaType)
            return [NewEvent(id: id, stream: stream, type: type, data: data)]
        case .jsonList:
            written = try Self.read { try WriteBody.events(json: body) }
        case .xmlList:
            written = try Self.read { try WriteBody.events(xml: body) }
        case .lines:
            return try EventLinesBody.events(body, of: stream)
        }
        return try written.map(event)
    }

    private static func read(_ body: () throws -> [WrittenEvent]) throws -> [WrittenEvent] {
        do {
            return try body()
        } catch WriteBodyError.tooManyEvents {
            let most = Limits.standard.eventsPerAppend
            throw WireRefusal(status: 413, reason: "Too many events received. Limit is \(most)")
        } catch is WriteBodyError {
            throw WireRefusal.invalid("Write request body invalid.")
        }
    }

    private func event(_ written: WrittenEvent) throws -> NewEvent {
        guard let id = written.id else {
            throw WireRefusal.invalid("Empty eventId provided.")
        }
        guard let type = written.type else {
            throw WireRefusal.invalid("Empty eventType provided.")
        }
        return NewEvent(
            id: id,
            stream: stream,
            type: try EventType(type),
            data: try Self.payload(written.data, isJSON: written.isDataJSON),
            metadata: written.metadata.isEmpty
                ? nil : try Self.payload(written.metadata, isJSON: written.isMetadataJSON)
        )
    }

    private static func payload(_ bytes: [UInt8], isJSON: Bool) throws -> Payload {
        if isJSON { return Payload(bytes, mediaType: .json) }
        return Payload(
            bytes,
            mediaType: try MediaType(
                bytes.isEmpty ? "application/octet-stream" : "text/plain;charset=utf-8"
            )
        )
    }
}

extension WireCodec {
    /// The codec as the media type of an event's data.
    fileprivate var mediaType: MediaType {
        get throws { try MediaType(rawValue) }
    }
}

import AtomFormat
public import EventModel

extension NewEvent {
    /// The namespace of ids that are IRIs: RFC 9562 section 6.6, URLs.
    private static let urlNamespace = UUIDBytes("6ba7b811-9dad-11d1-80b4-00c04fd430c8")

    /// Reads a posted Atom entry (RFC 5023 section 9.2).
    ///
    /// - Parameters:
    ///   - bytes: The entry document.
    ///   - stream: The stream of the address; nil at `/feed`, where the entry names it.
    ///   - limits: The limits in force.
    /// - Returns: The event; without an id in the entry it has a new one.
    /// - Throws: ``InvalidSubmission``: `unsupportedMediaType` for xhtml and inline XML,
    ///   `invalidBody` for bytes that are no entry, `tooLarge`, `invalidEvent` for the rest.
    public static func entry(
        _ bytes: [UInt8],
        stream: StreamName?,
        limits: WireLimits = .standard
    ) throws(InvalidSubmission) -> NewEvent {
        let entry = try document(bytes)
        let facts = try only("ef:event", entry.extensions(XMLName(AtomNames.eventFeed, "event")))
        let data = try data(of: entry)
        try InvalidSubmission.check(data, "content", limit: limits.store.dataBytes)
        let metadata = try metadata(of: entry)
        if let metadata {
            try InvalidSubmission.check(
                metadata,
                "ef:metadata",
                limit: limits.store.metadataBytes
            )
            try InvalidSubmission.checkMetadata(metadata.bytes, field: "ef:metadata")
        }
        return NewEvent(
            id: try id(of: entry) ?? .timeOrdered(),
            stream: try streamName(facts, address: stream),
            type: try type(of: entry, facts),
            data: data,
            metadata: metadata
        )
    }

    private static func document(_ bytes: [UInt8]) throws(InvalidSubmission) -> AtomEntry {
        let document: AtomDocument
        do throws(FeedFormatError) {
            document = try AtomReading.document(bytes, rules: .posted)
        } catch {
            throw InvalidSubmission(.invalidBody, "the entry is refused: \(error.description)")
        }
        guard case .entry(let entry) = document else {
            throw InvalidSubmission(.invalidBody, "the root is not an Atom entry: post one entry")
        }
        return entry
    }

    private static func only(_ field: String, _ elements: [XMLElement]) throws(InvalidSubmission)
        -> XMLElement?
    {
        guard elements.count <= 1 else {
            throw InvalidSubmission(.repeatedMember, field, "\(field) is there twice: say it once")
        }
        return elements.first
    }

    private static func id(of entry: AtomEntry) throws(InvalidSubmission) -> EventID? {
        let text = XMLSpace.trim(entry.id)
        guard !text.isEmpty else { return nil }
        guard text.prefix(9).lowercased() == "urn:uuid:" else {
            return urlNamespace.map { .derived(from: text.utf8, in: $0) }
        }
        guard let id = EventID(text.dropFirst(9)) else {
            throw InvalidSubmission(
                .notUUID,
                "id",
                value: text,
                "id begins with urn:uuid: and is no UUID"
            )
        }
        return id
    }

    private static func streamName(_ facts: XMLElement?, address: StreamName?)
        throws(InvalidSubmission) -> StreamName
    {
        let field = "ef:event/@stream"
        guard let text = facts?.attribute("stream") else {
            if let address { return address }
            throw InvalidSubmission(
                .missing,
                field,
                "the entry names no stream: add ef:event with stream, or post to the stream"
            )
        }
        let named: StreamName
        do throws(InvalidName) {
            named = try StreamName(text)
        } catch { throw InvalidSubmission(error, field) }
        guard named == address ?? named else {
            throw InvalidSubmission(
                .otherStream,
                field,
                value: text,
                "the entry names another stream than its address: leave one of them out"
            )
        }
        return named
    }

    private static func type(of entry: AtomEntry, _ facts: XMLElement?) throws(InvalidSubmission)
        -> EventType
    {
        let found: (field: String, text: String)
        if let text = facts?.attribute("type") {
            found = ("ef:event/@type", text)
        } else if let category = entry.categories.first(where: {
            $0.scheme == "urn:eventfeed:type"
        }) {
            found = ("category/@term", category.term)
        } else {
            found = ("title", XMLSpace.trim(entry.title.value))
            guard !found.text.isEmpty else {
                throw InvalidSubmission(
                    .missing,
                    "ef:event/@type",
                    "the entry names no type: add ef:event with type, or a title"
                )
            }
        }
        do throws(InvalidName) {
            return try EventType(found.text)
        } catch { throw InvalidSubmission(error, found.field) }
    }

    private static func data(of entry: AtomEntry) throws(InvalidSubmission) -> Payload {
        guard let content = entry.content else {
            throw InvalidSubmission(.missing, "content", "content is missing: it holds the data")
        }
        return try value(AtomValueElement(content), "content", attributes: "ef:")
    }

    private static func metadata(of entry: AtomEntry) throws(InvalidSubmission) -> Payload? {
        let field = "ef:metadata"
        let elements = entry.extensions(XMLName(AtomNames.eventFeed, "metadata"))
        guard let element = try only(field, elements) else { return nil }
        let value = try value(AtomValueElement(metadata: element), field, attributes: "")
        guard value.mediaType.isJSON else {
            throw InvalidSubmission(
                .mediaType,
                field,
                value: value.mediaType.text,
                "metadata is JSON: use type=\"text\" media-type=\"application/json\""
            )
        }
        return value
    }

    private static func value(
        _ element: AtomValueElement,
        _ field: String,
        attributes prefix: String
    ) throws(InvalidSubmission) -> Payload {
        let inline: (bytes: [UInt8], mediaType: String)
        do throws(AtomValueElement.Fault) {
            inline = try element.inline()
        } catch {
            throw InvalidSubmission(error, element, field, prefix)
        }
        do throws(InvalidName) {
            return Payload(inline.bytes, mediaType: try MediaType(inline.mediaType))
        } catch {
            let attribute = element.mediaType == nil ? "type" : "\(prefix)media-type"
            throw InvalidSubmission(error, "\(field)/@\(attribute)")
        }
    }
}

extension InvalidSubmission {
    /// An element of a posted entry is no value.
    fileprivate init(
        _ fault: AtomValueElement.Fault,
        _ element: AtomValueElement,
        _ field: String,
        _ prefix: String
    ) {
        let instead = "send the text with type=\"text\" and \(prefix)media-type"
        switch fault {
        case .invalid(let attribute, let value):
            self.init(
                .wrongType,
                "\(field)/@\(prefix)\(attribute)",
                value: value,
                "\(prefix)\(attribute) is base64, or is left out"
            )
        case .notBase64:
            self.init(
                .notBase64,
                field,
                value: element.type,
                "\(field) is no base64, which its type asks for; for JSON, \(instead)"
            )
        case .elements:
            self.init(.wrongType, field, "\(field) has child elements: \(instead)")
        case .elsewhere:
            self.init(.outOfLine, "\(field)/@src", "src is for answers: send the value itself")
        case .markup:
            self.init(.unsupportedMediaType, "\(field) is markup: \(instead)")
            self.field = field
            value = element.type
        }
    }
}

/// White space as XML has it.
enum XMLSpace {
    /// The text without spaces, tabs and line ends around it.
    static func trim(_ text: String) -> String {
        let space: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r"]
        let scalars = text.unicodeScalars.drop { space.contains($0) }
        guard let last = scalars.lastIndex(where: { !space.contains($0) }) else { return "" }
        return String(scalars[...last])
    }
}

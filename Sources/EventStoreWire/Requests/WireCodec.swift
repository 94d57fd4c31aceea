/// A media type that the product reads or writes.
enum WireCodec: String, CaseIterable, Sendable {
    case streamDescription = "application/vnd.eventstore.streamdesc+json"
    case atomXML = "application/atom+xml"
    case atomJSON = "application/vnd.eventstore.atom+json"
    case textXML = "text/xml"
    case applicationXML = "application/xml"
    case json = "application/json"
    case eventXML = "application/vnd.eventstore.event+xml"
    case eventJSON = "application/vnd.eventstore.event+json"
    case eventsXML = "application/vnd.eventstore.events+xml"
    case eventsJSON = "application/vnd.eventstore.events+json"
    case html = "text/html"
    case octets = "application/octet-stream"
    case text = "text/plain"
    /// Ours, not the product's: events as lines, their bytes kept exactly.
    case eventLines = "application/vnd.eventfeed.events+ndjson"

    /// The codecs of pages, in the order in which a range of media types takes the first that fits.
    static let feeds: [WireCodec] = [
        .streamDescription, .atomXML, .atomJSON, .textXML, .applicationXML, .json,
        .eventXML, .eventJSON, .eventsXML, .eventsJSON, .html,
    ]
    /// The codecs of one event.
    static let entries: [WireCodec] = [
        .atomXML, .atomJSON, .textXML, .applicationXML, .json, .eventXML, .eventJSON, .octets,
        .html,
    ]
    /// The codecs of appended events, and of the answers to them.
    static let writes: [WireCodec] = [
        .streamDescription, .atomXML, .atomJSON, .textXML, .applicationXML, .json,
        .eventXML, .eventJSON, .eventsXML, .eventsJSON, .octets,
    ]
    /// The codecs of what is appended to a stream: the product's, and lines.
    static let streamWrites = writes + [.eventLines]
    /// The codecs of one event whose id stands in the address.
    static let idempotentWrites: [WireCodec] = [
        .atomXML, .atomJSON, .textXML, .applicationXML, .json,
    ]
    /// Those where plain text is offered besides.
    static let nodeWithText: [WireCodec] = [.json, .textXML, .applicationXML, .text]

    /// The value of `Content-Type`.
    var contentType: String { self == .octets ? rawValue : rawValue + "; charset=utf-8" }

    /// Whether a page in it is XML.
    var isXML: Bool {
        switch self {
        case .atomXML, .textXML, .applicationXML, .eventXML, .eventsXML: true
        default: false
        }
    }

    /// Whether the answer to a failed read carries an empty JSON object.
    var isJSON: Bool {
        switch self {
        case .streamDescription, .atomJSON, .json, .eventJSON, .eventsJSON: true
        default: false
        }
    }

    /// The codec as the form of a single event.
    var entry: EntryCodec {
        switch self {
        case .atomXML: .atomXML
        case .atomJSON: .atomJSON
        case .textXML, .applicationXML: .xml
        case .eventXML, .eventsXML: .eventXML
        case .eventJSON, .eventsJSON: .eventJSON
        case .octets: .octetStream
        case .html: .html
        case .json, .streamDescription, .text, .eventLines: .json
        }
    }

    /// The codec as the form of what the node says of itself.
    var node: NodeDocuments.Codec { self == .text ? .text : isXML ? .xml : .json }

    /// What stands after `;` in an entity tag: 31·h + c over the media type, in 32 bits.
    ///
    /// Clients take it as opaque; the product's own function differs by platform.
    var tagHash: Int32 {
        var hash: Int32 = 0
        for byte in rawValue.utf8 { hash = hash &* 31 &+ Int32(byte) }
        return hash
    }
}

/// Chooses the codec of an answer.
enum CodecChoice: Equatable {
    /// This one, and how it was asked for.
    case codec(WireCodec, asked: Asked)
    /// None that is acceptable.
    case nothingFits
    /// `format` has a value that nobody knows.
    case unknownFormat

    /// How a codec was asked for.
    enum Asked: Equatable {
        /// Nothing was said.
        case nothing
        /// By `*/*`.
        case anything
        /// By a media type, a main type or `format`.
        case explicitly
    }

    /// - Parameters:
    ///   - format: The query variable, which wins.
    ///   - accept: The `Accept` fields as one list; nil where there is none.
    ///   - offered: The codecs of the route, the favourite first.
    /// - Returns: The choice.
    static func of(format: String?, accept: String?, from offered: [WireCodec]) -> CodecChoice {
        if let format, !format.isEmpty { return byFormat(format.lowercased(), offered) }
        guard let accept, accept.utf8.contains(where: { $0 != UInt8(ascii: " ") }) else {
            return offered.first.map { .codec($0, asked: .nothing) } ?? .nothingFits
        }
        // Nearly every client sends exactly one type, spelled as here.
        if let codec = WireCodec(rawValue: accept), offered.contains(codec) {
            return .codec(codec, asked: .explicitly)
        }
        for range in MediaRange.list(accept) {
            guard let codec = offered.first(where: { range.covers($0.rawValue) }) else { continue }
            return .codec(codec, asked: range.type == "*" ? .anything : .explicitly)
        }
        return .nothingFits
    }

    private static func byFormat(_ format: String, _ offered: [WireCodec]) -> CodecChoice {
        let codec: WireCodec
        switch format {
        case "json": codec = .json
        case "xml": codec = .textXML
        case "atom": codec = .atomXML
        case "atomxj": codec = .atomJSON
        case "text": codec = .text
        case "atomsvc", "atomsvcxj": return .nothingFits
        default: return .unknownFormat
        }
        return offered.contains(codec) ? .codec(codec, asked: .explicitly) : .nothingFits
    }
}

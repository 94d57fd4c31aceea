/// In which language a feed document is written.
public enum FeedForm: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// Atom (RFC 4287), the form of record.
    case atom
    /// One JSON document.
    case json
    /// One JSON object a line, the facts in headers.
    case ndjson

    /// The file extension without a dot, which is also the value of `form=`.
    public var fileExtension: String { rawValue }

    /// The media type of a feed in this form, as a server sends it.
    public var feedMediaType: String {
        switch self {
        case .atom: "application/atom+xml"
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        }
    }

    /// The media type of one event's document in this form, as a server sends it; there is none in
    /// NDJSON.
    public var entryMediaType: String? {
        switch self {
        case .atom: "application/atom+xml;type=entry"
        case .json: "application/json"
        case .ndjson: nil
        }
    }

    /// The media types that choose this form in `Accept`, and that a reader takes for it, in lower
    /// case without parameters; the first is the form's own.
    public var acceptedMediaTypes: [String] {
        switch self {
        case .atom: ["application/atom+xml", "application/xml", "text/xml"]
        case .json: ["application/json"]
        case .ndjson: ["application/x-ndjson", "application/jsonl"]
        }
    }

    /// The extension.
    public var description: String { rawValue }
}

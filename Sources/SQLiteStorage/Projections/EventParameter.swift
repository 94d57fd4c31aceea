import EventModel
import GRDB

/// What a statement of a projection can be given of an event.
enum EventParameter: String, CaseIterable, Sendable {
    case number, version, stream, category, type, id
    case recordedAt = "recorded_at"
    case mediaType = "media_type"
    case data, metadata

    /// Reads a parameter as it is written, such as `:stream`; nil for any other text.
    init?(written text: String) {
        guard text.hasPrefix(":") else { return nil }
        self.init(rawValue: String(text.dropFirst()))
    }

    /// The parameter as it is written.
    var written: String { ":\(rawValue)" }

    /// The value of an event: integers for number and version, text where it is text, else a blob,
    /// NULL for metadata that is absent.
    func value(of event: RecordedEvent) -> DatabaseValue {
        switch self {
        case .number: event.number.rawValue.databaseValue
        case .version: event.version.rawValue.databaseValue
        case .stream: event.stream.text.databaseValue
        case .category: event.stream.category.text.databaseValue
        case .type: event.type.text.databaseValue
        case .id: event.id.description.databaseValue
        case .recordedAt: event.recordedAt.description.databaseValue
        case .mediaType: event.data.mediaType.text.databaseValue
        case .data: EventCopy.value(of: event.data)
        case .metadata: event.metadata.map(EventCopy.value(of:)) ?? .null
        }
    }
}

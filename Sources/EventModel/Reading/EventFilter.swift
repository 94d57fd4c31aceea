/// Which events of the whole history a reader wants.
///
/// Within one list any match suffices, between the lists all must match; an empty list matches
/// everything.
public struct EventFilter: Hashable, Sendable {
    /// A whole event type, or what types begin with.
    public enum TypePattern: Hashable, Sendable {
        /// The type with exactly this name.
        case exactly(EventType)
        /// Every type whose name begins with these bytes; the empty text matches every type.
        case prefix(String)

        /// Whether a type matches.
        ///
        /// - Parameter type: The type of an event.
        /// - Returns: True if it matches, compared by UTF-8 bytes.
        public func matches(_ type: EventType) -> Bool {
            switch self {
            case .exactly(let wanted): type == wanted
            case .prefix(let prefix): type.text.utf8.starts(with: prefix.utf8)
            }
        }
    }

    /// The streams wanted.
    public var streams: [StreamName]
    /// The categories wanted.
    public var categories: [StreamCategory]
    /// The types wanted.
    public var types: [TypePattern]

    /// Matches every event.
    public static let everything = EventFilter()

    /// Describes a filter.
    ///
    /// - Parameters:
    ///   - streams: The streams wanted.
    ///   - categories: The categories wanted.
    ///   - types: The types wanted.
    public init(
        streams: [StreamName] = [],
        categories: [StreamCategory] = [],
        types: [TypePattern] = []
    ) {
        self.streams = streams
        self.categories = categories
        self.types = types
    }

    /// Whether every event matches.
    public var isEverything: Bool { streams.isEmpty && categories.isEmpty && types.isEmpty }

    /// Whether an event of `type` in `stream` matches.
    ///
    /// - Parameters:
    ///   - stream: The event's stream.
    ///   - type: The event's type.
    /// - Returns: True if the event is wanted.
    public func matches(stream: StreamName, type: EventType) -> Bool {
        (streams.isEmpty || streams.contains(stream))
            && (categories.isEmpty || categories.contains(stream.category))
            && (types.isEmpty || types.contains { $0.matches(type) })
    }
}

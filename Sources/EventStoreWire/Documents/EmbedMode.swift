/// How much of its event an entry shows: the value of `?embed=`.
enum EmbedMode: String, CaseIterable, Sendable {
    /// Nothing but what every entry has.
    case none
    /// The event under `content`.
    case content
    /// What is known about the event, without its data.
    case rich
    /// That and the data as it is stored, in a string.
    case body
    /// That with objects indented.
    case pretty
    /// That with data shown even where nobody said that it is JSON.
    case tryharder

    /// Reads the value of the query, in any case; what is not known shows nothing.
    init(query: String?) {
        self = query.flatMap { EmbedMode(rawValue: $0.lowercased()) } ?? EmbedMode.none
    }

    /// Whether entries say what is known about their events.
    var isRich: Bool {
        switch self {
        case .none, .content: false
        case .rich, .body, .pretty, .tryharder: true
        }
    }

    /// Whether entries show the bytes of their events in strings.
    var showsBody: Bool { isRich && self != .rich }

    /// Whether those bytes are indented.
    var indents: Bool { self == .pretty || self == .tryharder }
}

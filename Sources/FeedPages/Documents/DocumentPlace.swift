import EventModel

/// Where a document stands, which decides how its relative references begin.
public enum DocumentPlace: Hashable, Sendable {
    /// `/feed/{e}/`: complete pages.
    case pages
    /// `/`: head, `after` and filtered documents.
    case root
    /// `/feed/streams/`: stream documents.
    case streams
    /// `/events/`: the document of one event.
    case events

    /// What stands before `data/N` in a reference to a value out of line.
    ///
    /// - Parameter epoch: The history.
    /// - Returns: A relative path that is empty or ends with `/`.
    func valuePrefix(epoch: Epoch) -> String {
        switch self {
        case .pages: ""
        case .root: "feed/\(epoch.shortForm)/"
        case .streams: "../\(epoch.shortForm)/"
        case .events: "../feed/\(epoch.shortForm)/"
        }
    }

    /// What stands before the number in a reference to an event.
    var eventPrefix: String {
        switch self {
        case .pages, .streams: "../../events/"
        case .root: "events/"
        case .events: ""
        }
    }
}

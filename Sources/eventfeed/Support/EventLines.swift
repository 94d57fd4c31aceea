import EventModel
import FeedPages

/// Recorded events as lines of NDJSON that stand alone: every value is in its line, however large,
/// since whoever reads them has no address to fetch it from.
enum EventLines {
    /// One line for each event; `POST /events` takes them as they are.
    static func ndjson(of events: [RecordedEvent]) -> [UInt8] {
        events.reduce(into: []) { lines, event in lines += event.line() }
    }
}

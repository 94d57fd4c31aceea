import EventModel
import FeedPages

/// Recorded events as lines of NDJSON that stand alone: every value is in its line, however large,
/// since whoever reads them has no address to fetch it from.
enum EventLines {
    /// One line for each event; `POST /events` takes them as they are.
    static func ndjson(of events: [RecordedEvent]) -> [UInt8] {
        var lines: [UInt8] = []
        for event in events {
            lines += Array("{\"number\":\(event.number),\"version\":\(event.version),".utf8)
            lines += Array("\"recordedAt\":\"\(event.recordedAt)\",".utf8)
            // The rest of the object follows in the same line.
            lines += event.event.line().dropFirst()
        }
        return lines
    }
}

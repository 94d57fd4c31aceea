import EventModel
import SQLiteStorage

/// What is said about parked events.
enum ParkedReport {
    /// The facts of one stream.
    static func of(_ stream: ParkedEvents.Stream) -> StatusReport {
        var report = StatusReport()
        report.add("stream", "stream", .text(stream.name.text))
        report.add("events", "parked", .number(stream.events))
        report.add("first", "since event", .number(stream.first.rawValue))
        report.add("type", "its type", .text(stream.type.text))
        report.add("tries", "tries", .number(stream.tries))
        report.add("parkedAt", "parked at", .text(stream.parkedAt.description))
        report.add("reason", "reason", .text(stream.reason))
        return report
    }

    /// The error that an answer stands for which says that it could not be done.
    static func failure(_ answer: OwnerAnswer) -> CommandError {
        guard case .failed(let reason) = answer else {
            return CommandError(.software, "the subscriber answered something else: \(answer)")
        }
        return CommandError(.software, reason)
    }
}

import ArgumentParser
import Subscriptions

/// A poll interval on the command line: one duration such as `2s`, or two with `..` between them,
/// such as `1s..30s`, between which the pace adapts.
struct IntervalArgument: Hashable {
    /// The shortest interval and the longest; twice the same where the pace is fixed.
    let pace: ClosedRange<Duration>

    /// Reads an interval.
    ///
    /// - Parameter text: What stands on the command line.
    /// - Throws: `ValidationError` that says what is wrong with it.
    init(_ text: String) throws {
        let ends = text.split(separator: "..", omittingEmptySubsequences: false)
            .map { DurationArgument.parse(String($0)) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
        else {
            throw ValidationError(
                "write an interval such as 2s, or two such as 1s..30s between which it adapts"
            )
        }
        guard first <= last else {
            throw ValidationError("the first interval must not be longer than the second")
        }
        let allowed = PollingSchedule.intervals
        guard allowed.contains(first), allowed.contains(last) else {
            throw ValidationError("choose 100ms to 24h")
        }
        pace = first...last
    }
}

/// Gives events their recorded-at: the clock's reading, but never less than the newest event's.
package struct RecordingClock: Sendable {
    /// Beyond this the newest recorded-at is reported as being ahead of the clock.
    package static let toleratedLead = Duration.seconds(60)

    private let now: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) {
        self.now = now
    }

    /// What the clock shows, by which the age of events is told.
    package func reading() -> Timestamp { now() }

    /// The instant for an append that follows an event recorded at `newest`.
    package func instant(after newest: Timestamp?) -> Timestamp {
        let reading = min(max(now(), Timestamp.range.lowerBound), Timestamp.range.upperBound)
        guard let newest else { return reading }
        return max(reading, newest)
    }

    /// How far the newest event is ahead of the clock; zero or less where it is not.
    package func lead(of newest: Timestamp?) -> Duration {
        newest.map { $0.duration(since: now()) } ?? .zero
    }
}

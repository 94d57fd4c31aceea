/// How long a commit may wait for company: a part of what the commit before took.
///
/// Without it as many writers as fit into one commit fall into two halves, each of which waits for
/// the other's commit.
struct CommitPace {
    /// The commit before, divided by this, is the longest wait.
    static let share = 4
    /// Nobody waits longer, however slow the disk is: 1 ms.
    static let longest = Duration.milliseconds(1)
    /// Seconds between two looks at who has come: 50 µs.
    static let look = 0.000_05

    /// Appends that the commit before answered.
    private(set) var answered = 0
    /// How long to wait for as many.
    private(set) var patience = Duration.zero

    /// Takes note of a commit.
    ///
    /// - Parameters:
    ///   - count: The appends that it answered.
    ///   - time: How long it took.
    mutating func committed(_ count: Int, in time: Duration) {
        answered = count
        patience = min(time / Self.share, Self.longest)
    }
}

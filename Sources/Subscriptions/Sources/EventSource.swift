public import EventModel

/// A numbered history that can be followed: a store, a feed behind HTTP, a folder of published
/// pages.
///
/// A subscription cannot tell them apart; what they owe it is said here and nowhere else.
///
/// ## For implementers
/// Return what the history says and judge nothing: a subscription checks epoch, contiguity and
/// chain of every batch before it applies anything. Report every failure as a ``SourceError``
/// whose code says what happened; ``SourceError/Code/kind`` then decides what the subscription
/// does about it. Let `CancellationError` through as it is. Keep bounded whatever is fetched
/// ahead. `EventSourceContract` in `EventTesting` is the executable form of these sentences.
public protocol EventSource: Sendable {
    /// Where the history is read from, in the words of a message: an address or a path, without
    /// credentials.
    var address: String { get }

    /// Tells which history this is and where it ends now.
    ///
    /// - Returns: Epoch, title and head.
    /// - Throws: ``SourceError``; `CancellationError`.
    func describe() async throws -> FeedDescription

    /// Reads consecutive events, oldest first.
    ///
    /// Without a filter the batch has every event from `after` + 1 to
    /// `EventBatch.scannedTo`; with one, those among them that match. It may have fewer events
    /// than `limit`, none included, without being at the end: only `EventBatch.isCaughtUp` says
    /// that. Asking again from the same number is always allowed.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted; 0 reads from the beginning.
    ///   - limit: Events to return at the most, 1 to `Limits.readEvents`.
    ///   - filter: Which events are wanted.
    ///   - wait: How long to hold an answer that has nothing new; nil or zero answers at once. A
    ///     source that cannot wait answers at once too.
    /// - Returns: The events, how far the source looked, and the chain at both ends.
    /// - Throws: ``SourceError``, with code ``SourceError/Code/afterHead`` where `after` is beyond
    ///   the head; `CancellationError`.
    func events(
        after: EventNumber,
        limit: Int,
        matching filter: EventFilter,
        waitingUpTo wait: Duration?
    ) async throws -> EventBatch
}

/// Which history a source reads, and where it ended when it was asked.
public struct FeedDescription: Hashable, Sendable {
    /// The identity of the history.
    public let epoch: Epoch
    /// The title of the feed, for people.
    public let title: String
    /// The highest number.
    public let head: EventNumber
    /// Events on a complete page; nil where the source does not say.
    public let pageSize: Int?

    /// States what a source reads.
    ///
    /// - Parameters:
    ///   - epoch: The identity of the history.
    ///   - title: The title of the feed.
    ///   - head: The highest number.
    ///   - pageSize: Events on a complete page; nil where the source does not say.
    public init(epoch: Epoch, title: String, head: EventNumber, pageSize: Int? = nil) {
        self.epoch = epoch
        self.title = title
        self.head = head
        self.pageSize = pageSize
    }
}

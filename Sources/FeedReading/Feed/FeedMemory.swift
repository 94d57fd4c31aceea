import EventModel
import FeedPages
import FoundationEssentials
import Synchronization

/// What a client knows of its feed between two calls; bounded, whatever the feed holds.
final class FeedMemory: Sendable {
    /// The feed itself.
    struct Feed: Hashable, Sendable {
        /// The head document, from which all other addresses are computed.
        var base: URL
        var epoch: Epoch
        var pageSize: Int
        /// Whether queries are ignored, as a plain web server and a folder do.
        var isStatic: Bool

        var layout: PageLayout { PageLayout(pageSize: pageSize) }
    }

    /// An answer without events, which an unchanged document stands for.
    struct Quiet: Sendable {
        var address: URL
        var tag: String
        var batch: EventBatch
    }

    struct State: Sendable {
        var feed: Feed?
        /// The highest number that the present epoch was seen to have.
        var head = EventNumber.beginning
        /// Documents that follow one another, read ahead.
        var pending: [PendingDocument] = []
        var quiet: Quiet?
        /// Pages asked for at once; fewer after one that was too large to be read ahead.
        var pagesAtOnce: Int
    }

    private let state: Mutex<State>

    init(pagesAtOnce: Int) {
        state = Mutex(State(pagesAtOnce: pagesAtOnce))
    }

    var feed: Feed? { state.withLock { $0.feed } }
    var head: EventNumber { state.withLock { $0.head } }
    var quiet: Quiet? { state.withLock { $0.quiet } }

    /// Notes what a document says of the feed and its head; another epoch makes all else void.
    func note(_ feed: Feed, head: EventNumber) {
        state.withLock { state in
            if state.feed?.epoch != feed.epoch {
                state.head = .beginning
                state.pending = []
                state.quiet = nil
            }
            state.feed = feed
            state.head = max(state.head, head)
        }
    }

    /// Forgets where the feed ends and what was read ahead, so that it is asked for again.
    func forgetHead() {
        state.withLock { state in
            state.head = .beginning
            state.pending = []
            state.quiet = nil
        }
    }

    /// Forgets everything.
    func forget() {
        state.withLock { $0 = State(pagesAtOnce: $0.pagesAtOnce) }
    }

    /// Keeps an answer without events, or none.
    func remember(_ quiet: Quiet?) {
        state.withLock { $0.quiet = quiet }
    }

    /// Takes what was read ahead, if it goes on from `number`; anything else is dropped.
    func takePending(from number: EventNumber) -> [PendingDocument] {
        state.withLock { state in
            let pending = state.pending
            state.pending = []
            guard pending.first?.after == number else { return [] }
            return pending
        }
    }

    /// Keeps what is left of the documents read ahead.
    func keep(_ pending: [PendingDocument]) {
        state.withLock { $0.pending = pending }
    }

    /// How many pages to ask for at once, and the way to change that.
    var pagesAtOnce: Int {
        get { state.withLock { $0.pagesAtOnce } }
        set { state.withLock { $0.pagesAtOnce = max(1, newValue) } }
    }
}

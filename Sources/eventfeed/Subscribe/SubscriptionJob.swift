import EventModel
import Logging
import SQLiteStorage
import Subscriptions

/// A subscription with all its parts, ready to run.
struct SubscriptionJob: Sendable {
    /// Where events go.
    enum Place: Sendable {
        /// Every event into a SQLite file.
        case copy(file: String)
        /// Every batch to a command; the checkpoint in a file.
        case command(String, timeout: Duration, state: String)
    }

    /// When it ends by itself.
    enum Ending: Sendable {
        case stopped, caughtUp, afterOneRound
    }

    let options: SubscriptionOptions
    /// Where a person said that it starts; nil where nothing was said.
    let startAfter: EventNumber?
    let ending: Ending
    let observer: any SubscriptionObserver
    let logger: Logger

    /// Follows a source until it is to end.
    ///
    /// - Parameters:
    ///   - source: The feed.
    ///   - place: Where events go.
    /// - Throws: What the parts throw; a graceful stop is no error.
    func run(from source: any EventSource, into place: Place) async throws {
        switch place {
        case .copy(let file):
            try await owning(file) { store in
                try await run(from: source, to: Projector(EventCopy(), in: store))
            }
        case .command(let command, let timeout, let state):
            let handler = ExecHandler(command: command, timeout: timeout)
            try await owning(state) { store in
                try await run(from: source, to: HandlerRunner(handler, checkpointIn: store))
            }
        }
    }

    private func owning(
        _ path: String,
        _ body: (SQLiteReadModelStore) async throws -> Void
    ) async throws {
        let store = try SQLiteReadModelStore(path: path)
        do {
            try checkStart(path)
            try await body(store)
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? store.close()
            throw error
        }
        try store.close()
    }

    /// Throws where a checkpoint is there already that started elsewhere: it goes on from where it
    /// is, and whoever asked for another start would not get it.
    private func checkStart(_ path: String) throws {
        guard let startAfter else { return }
        let status: ReadModelStatus
        do {
            status = try ReadModelStatus.read(path: path)
        } catch let error as CheckpointStoreError where error.code == .missing {
            return
        }
        guard let checkpoint = status.checkpoint, status.terms.startAfter != startAfter else {
            return
        }
        throw CommandError(
            .usage,
            "--after \(startAfter): \(path) started after \(status.terms.startAfter) and is at "
                + "\(checkpoint.number); leave out --after to go on, or choose another file"
        )
    }

    private func run(from source: any EventSource, to receiver: any BatchReceiver) async throws {
        let subscription = Subscription(
            from: source,
            to: receiver,
            options: options,
            observer: observer,
            logger: logger
        )
        switch ending {
        case .stopped: try await subscription.run()
        case .caughtUp: try await subscription.catchUp()
        case .afterOneRound: try await subscription.runOnce()
        }
    }
}

import EventModel
import Logging
import ServiceLifecycle
import SQLiteStorage
import Subscriptions

/// A subscription with all its parts, ready to run.
struct SubscriptionJob: Sendable {
    /// Where events go.
    enum Place: Sendable {
        /// Read models in a SQLite file.
        case models([any ReadModel<SQLiteReadModelStore.Transaction>], file: String)
        /// Every batch to a command; the checkpoint in a file.
        case command(ExecHandler, state: String, afterFrom: HandledNumber?)
    }

    /// When it ends by itself.
    enum Ending: Sendable {
        case stopped, caughtUp, afterOneRound
    }

    let options: SubscriptionOptions
    /// Where a person said that it starts; nil where nothing was said.
    let startAfter: EventNumber?
    let ending: Ending
    let onFailure: FailurePolicy
    let observer: any SubscriptionObserver
    /// Whether the subscription ended because another process takes the file over.
    let wasSuperseded: @Sendable () -> Bool
    let logger: Logger

    /// Follows a source until it is to end.
    ///
    /// - Parameters:
    ///   - source: The feed.
    ///   - place: Where events go.
    /// - Throws: What the parts throw; a graceful stop is no error.
    func run(from source: any EventSource, into place: Place) async throws {
        switch place {
        case .models(let models, let file):
            try await owning(file) { store in
                try await run(
                    from: source,
                    to: Projector(models, in: store, onFailure: onFailure)
                )
            }
        case .command(let handler, let state, let afterFrom):
            try await owning(state) { store in
                let handled = try await afterFrom?.ask()
                if let handled {
                    try await handled.reconcile(store, with: source)
                }
                try await run(
                    from: source,
                    to: HandlerRunner(
                        handler,
                        checkpointIn: store,
                        onFailure: onFailure,
                        handledThrough: handled ?? .beginning
                    )
                )
            }
        }
    }

    private func owning(
        _ path: String,
        _ body: (SQLiteReadModelStore) async throws -> Void
    ) async throws {
        guard let store = try await opened(path) else { return }
        let parked: Int64
        do {
            try checkStart(path)
            try await body(store)
            parked = try await store.parkedCount(.all)
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? store.close()
            throw error
        }
        try store.close()
        guard parked == 0 || wasSuperseded() else {
            throw CommandError(
                .parked,
                "\(Quantity.grouped(parked)) events in \(path) are parked, since one of their "
                    + "stream could not be applied; see eventfeed parked list \(path)"
            )
        }
    }

    /// Opens a file once nobody is about to take it over; nil if a graceful shutdown came first.
    private func opened(_ path: String) async throws -> SQLiteReadModelStore? {
        var hasSaid = false
        while try Takeover.isRequested(ofFile: path) {
            if !hasSaid {
                StandardStream.error.tell("waiting: another process is taking \(path) over")
                hasSaid = true
            }
            if Task.isShuttingDownGracefully { return nil }
            try await Task.sleep(for: .milliseconds(100))
        }
        do {
            return try SQLiteReadModelStore(path: path)
        } catch let error as CheckpointStoreError where error.code == .inUse {
            // Taken over in this moment.
            guard try Takeover.isRequested(ofFile: path) else { throw error }
            return try await opened(path)
        }
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

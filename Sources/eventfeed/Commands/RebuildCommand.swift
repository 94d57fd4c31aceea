import ArgumentParser
import EventModel
import FeedReading
import Logging
import ServiceLifecycle
import SQLiteStorage
import Subscriptions

/// `eventfeed rebuild`: makes a read model anew while it is in use.
struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a read model anew, by other SQL or the same, while it is read.",
        discussion: """
            Builds the new model in FILE.rebuild, from the feed's first event on, while the old one
            is read and kept current by its subscriber. Then the subscriber is asked to end, the
            old model is copied to FILE.previous, and the new one into FILE in one transaction:
            whoever has FILE open sees the old model, then the new one, and need not open it again.
            Start the subscriber with the new projections afterwards.

            Broken off, it leaves FILE as it was, and goes on when it is run again.

            Examples:
              eventfeed rebuild loans.db --projection approvals.sql
              eventfeed rebuild loans.db
              eventfeed rebuild loans.db --rollback
            """
    )

    @Argument(help: "The read model's file.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "SQL of the new model; may be repeated. (default: what the file was made by)",
            valueName: "file"
        )
    )
    var projection: [String] = []

    @Option(help: ArgumentHelp("The feed. (default: the one that the file follows)"))
    var from: String?

    @Flag(help: "Bring the model before the last rebuild back, from FILE.previous.")
    var rollback = false

    @Option(help: "How long to wait for a running subscriber to finish its batch.")
    var patience = DurationArgument(.seconds(60), "1m")

    @Option(help: "How long each statement of a projection may run.")
    var statementTimeout = DurationArgument(.seconds(30), "30s")

    @Option(
        help: ArgumentHelp(
            "About an event that cannot be applied: stop, retry=N, park. (default: stop)",
            valueName: "policy"
        )
    )
    var onFailure = FailurePolicyArgument(.stop, "stop")

    @Option(help: "How long one whole answer of the feed may take.")
    var timeout = DurationArgument(.seconds(30), "30s")

    @Option(
        help: ArgumentHelp(
            "Rebuild from this epoch if its history is ours so far.",
            valueName: "id"
        )
    )
    var acceptEpoch: EpochArgument?

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func validate() throws {
        let most = Duration.seconds(86_400)
        try patience.check("patience", in: .milliseconds(1)...most, "1ms to 24h")
        try statementTimeout.check("statement-timeout", in: .milliseconds(1)...most, "1ms to 24h")
        try timeout.check("timeout", in: ConnectionOptions.timeouts, "1ms to 24h")
        guard !rollback || projection.isEmpty && from == nil else {
            throw ValidationError("--rollback takes neither --projection nor --from")
        }
    }

    func run() async throws {
        try StoreFileCheck.requireFile(file)
        guard !rollback else { return try await rollBack() }
        let models = try newModels()
        let rebuild = try ReadModelRebuild(of: file, to: models, onFailure: onFailure.policy)
        let source = from ?? rebuild.before.terms.source
        let settings = FeedClient.Settings(deadline: timeout.duration)
        let transport = try access.access.transport(for: source)
        let patience = patience.duration
        var options = SubscriptionOptions.standard
        options.acceptedEpoch = acceptEpoch?.epoch
        try await Foreground.run { [options] in
            try await FeedAccess.withSource(source, settings: settings, transport: transport) {
                source in
                try await Self.run(rebuild, from: source, options, patience: patience)
            }
        }
    }

    /// The models that the new rows are made by.
    private func newModels() throws -> [any ReadModel<SQLiteReadModelStore.Transaction>] {
        guard projection.isEmpty else {
            return try Projections.load(projection, within: statementTimeout.duration)
        }
        return try Projections.models(
            try ReadModelStatus.read(path: file).terms.models,
            within: statementTimeout.duration
        )
    }

    private static func run(
        _ rebuild: ReadModelRebuild,
        from source: any EventSource,
        _ options: SubscriptionOptions,
        patience: Duration
    ) async throws {
        let start = ContinuousClock.now
        // A bar says how far it is; where there is none, a line for each round would be too many.
        let logger = Logger.command("rebuild", level: .notice)
        let reporter = SubscriptionReporter(printsEvents: false, logger: logger)
        let built = try await rebuild.build(from: source, options: options, observer: reporter)
        guard built != nil else {
            return StandardStream.error.tell(
                "stopped: \(rebuild.path) is as it was; run it again to go on"
            )
        }
        if let owner = try ReadModelStatus.read(path: rebuild.path).owner {
            StandardStream.error.tell("asking the subscriber, process \(owner), to end")
        }
        let swapped = try await stoppable {
            try await rebuild.swap(
                from: source,
                patience: patience,
                options: options,
                observer: reporter
            )
        }
        guard let report = swapped.flatMap({ $0 }) else {
            return StandardStream.error.tell(
                "stopped before the swap: \(rebuild.path) is as it was; run it again to go on"
            )
        }
        StandardStream.error.tell(
            "\(rebuild.path) has the new model, at event \(words(report.new)), in "
                + "\(Quantity.time(start.duration(to: .now))); the old one, at event "
                + "\(words(report.old)), is in \(rebuild.previousPath)"
        )
        if !report.leftBehind.isEmpty {
            StandardStream.error.tell(
                "the new model has not: \(report.leftBehind.joined(separator: ", "))"
            )
        }
        guard report.parkedEvents == 0 else {
            throw CommandError(
                .parked,
                "\(report.parkedEvents) events are parked; see eventfeed parked list "
                    + rebuild.path
            )
        }
    }

    private func rollBack() async throws {
        let (file, patience) = (file, patience.duration)
        try await Foreground.run {
            let brought = try await Self.stoppable {
                try await ReadModelRebuild.rollBack(file, patience: patience)
            }
            guard let checkpoint = brought else {
                return StandardStream.error.tell("stopped: \(file) is as it was")
            }
            StandardStream.error.tell(
                "\(file) has the model before the last rebuild again, at event "
                    + Self.words(checkpoint)
            )
        }
    }

    /// Runs what waits for the subscriber; nil where it was stopped meanwhile.
    private static func stoppable<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        do {
            // A swap that has begun is not cut short.
            return try await cancelWhenGracefulShutdown(body)
        } catch is CancellationError {
            return nil
        }
    }

    private static func words(_ checkpoint: Checkpoint?) -> String {
        checkpoint.map { Quantity.grouped($0.number.rawValue) } ?? "0"
    }
}

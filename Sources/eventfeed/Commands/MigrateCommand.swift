import ArgumentParser
import EventModel
import FeedReading
import Foundation
import Logging
import SQLiteStorage
import ServiceLifecycle
import Subscriptions

/// `eventfeed migrate`: copies a running Event Store product's events into a server.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Copy all events of a running Event Store into an EventFeed server.",
        discussion: """
            Reads $all of the source over its Atom interface, which versions from 20.6 on have \
            behind EnableAtomPubOverHttp, and appends what it finds: ids, types, data, metadata \
            and the order of all events stay as they are. The target must be empty, or hold what \
            an earlier run has copied.

            It can be stopped and killed at any moment: run it again, and it goes on. Where it \
            stands is in a file, --state. At the end both sides are read again and compared, \
            event for event; a difference ends it with status 1.

            With users in the target, --user must be an admin there. Users and their passwords \
            are never copied, statistics of the source only with --with-system-streams. Where the \
            source has scavenged the first events of a stream, its numbers here are lower: $tb is \
            moved with them, links are counted and named.

            Examples:
              eventfeed migrate http://old.example.org:2113 http://127.0.0.1:2113 \\
                  --source-user admin --source-password-file old.password
              eventfeed migrate http://127.0.0.1:2113 https://events.example.org --user ann
              eventfeed migrate http://127.0.0.1:2113 http://127.0.0.1:2114 --verify-only
            """
    )

    @Argument(help: "The Event Store to copy from.")
    var eventStoreURL: String

    @Argument(help: "The EventFeed server to copy to.")
    var url: String

    @OptionGroup(title: "What is copied")
    var selection: MigrateSelection

    @OptionGroup(title: "Access to the source")
    var source: SourceAccessOptions

    @OptionGroup(title: "Access to the target")
    var access: AccessOptions

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    func run() async throws {
        let parts = self
        try await Foreground.run {
            do {
                // A page that is on its way is found in the target by the next run.
                try await cancelWhenGracefulShutdown { try await parts.connect() }
            } catch is CancellationError {
                StandardStream.error.tell("stopped: run it again to go on")
            }
        }
    }

    private func connect() async throws {
        let location = try FeedLocation(url)
        guard case .web = location else {
            throw CommandError(.usage, "\(url) is no http or https address of a server")
        }
        let logger = Logger.command("migrate")
        try await AsyncHTTPTransport.withTransport(
            settings: try source.access.transport(for: eventStoreURL),
            logger: .command("migrate", level: .warning)
        ) { sourceTransport in
            try await AsyncHTTPTransport.withTransport(
                settings: try access.access.transport(for: url),
                logger: .command("migrate", level: .warning)
            ) { targetTransport in
                let settings = connection.settings
                let reader = SourceReader(
                    connection: try SourceConnection(
                        eventStoreURL,
                        over: sourceTransport,
                        settings: settings,
                        logger: logger
                    ),
                    scope: selection.scope,
                    pageSize: selection.page
                )
                let writer = MigrationWriter(
                    writer: try FeedWriter(
                        to: location,
                        over: targetTransport,
                        settings: settings,
                        logger: logger
                    ),
                    streams: try TargetStreams(
                        to: location,
                        over: targetTransport,
                        settings: settings,
                        logger: logger
                    )
                )
                let target = FeedClient(
                    location,
                    over: targetTransport,
                    settings: FeedClient.Settings(deadline: settings.deadline),
                    logger: .command("feed", level: .warning)
                )
                try await migrate(reader, writer, target)
            }
        }
    }

    private func migrate(
        _ reader: SourceReader,
        _ writer: MigrationWriter,
        _ target: FeedClient
    ) async throws {
        let path =
            selection.state
            ?? MigrationState.name(source: reader.connection.address, target: target.address)
        let lock = try Self.lock(path)
        // Whoever goes on with the same state would copy the same page.
        defer { lock.release() }
        let facts = try await target.describe()
        var state = try begin(path, reader, facts)
        if !selection.verifyOnly {
            let start = ContinuousClock.now
            let before = state.copied
            var migration = Migration(
                from: reader,
                to: writer,
                target,
                state: state,
                path: path,
                head: facts.head
            )
            try await migration.run()
            state = migration.state
            let elapsed = start.duration(to: .now)
            let count = state.copied - before
            let rate = Int64(Double(count) / max(elapsed.inSeconds, 0.001))
            StandardStream.error.tell(
                "\(Quantity.grouped(count)) events copied in \(Quantity.time(elapsed)) "
                    + "(\(Quantity.grouped(rate))/s)"
            )
        }
        for line in MigrationReport.lines(state) { try StandardStream.output.writeLine(line) }
        guard !selection.noVerify else { return }
        let findings = try await MigrationCheck(reader: reader, target: target).run(state)
        for line in MigrationReport.lines(findings) { try StandardStream.output.writeLine(line) }
        guard findings.differences.isEmpty else {
            throw CommandError(
                .different,
                "source and target are different"
                    + (findings.isFull ? "; nothing was compared after the tenth difference" : "")
            )
        }
    }

    private static func lock(_ path: String) throws -> FileLock {
        do throws(EventStoreError) {
            return try FileLock(database: path)
        } catch {
            guard error.code == .inUse else { throw error }
            throw CommandError(.temporary, "another migration runs with the state \(path)")
        }
    }

    /// The state that an earlier run left, or a new one.
    private func begin(_ path: String, _ reader: SourceReader, _ facts: FeedDescription) throws
        -> MigrationState
    {
        let epoch = facts.epoch.description
        guard let state = try MigrationState.read(path) else {
            guard !selection.verifyOnly else {
                throw CommandError(.noInput, "there is no state in \(path) of what was copied")
            }
            guard facts.head == .beginning || selection.afterExisting else {
                throw CommandError(
                    .usage,
                    "\(url) has \(facts.head) events, and there is no \(path) that says how they "
                        + "came: name the file with --state, or choose an empty store, or give "
                        + "--after-existing to copy behind them"
                )
            }
            return MigrationState(
                source: reader.connection.address,
                epoch: epoch,
                place: SourceReader.beginning,
                start: facts.head.rawValue,
                head: facts.head.rawValue
            )
        }
        guard state.source == reader.connection.address else {
            throw CommandError(
                .usage,
                "\(path) is of a migration from \(state.source): name another file with --state"
            )
        }
        guard state.epoch == epoch else {
            throw CommandError(
                .protocolError,
                "\(path) is of a migration to the history \(state.epoch), and \(url) has the "
                    + "history \(epoch): go on with that one, or remove the file to begin anew"
            )
        }
        guard facts.head.rawValue >= state.head else {
            throw CommandError(
                .protocolError,
                "\(url) has \(facts.head) events, fewer than the \(state.head) that were copied: "
                    + "it is an older copy; remove \(path) and begin with an empty store"
            )
        }
        return state
    }
}

import ArgumentParser
import EventModel
import FeedReading
import Logging
import SQLiteStorage
import Subscriptions

/// `eventfeed subscribe`: follows a feed into a read model or a command.
struct SubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Follow a feed at a pace of your choice, into a SQLite file or a command.",
        discussion: """
            --into keeps every event in the table event(number, stream, version, type, id,
            recorded_at, media_type, data, metadata) of a SQLite file, rows and checkpoint in one
            transaction: each event exactly once, however often this is killed.

            --projection keeps what its SQL says instead, in the same file and transaction; see
            eventfeed projection new. Its rows are rebuilt with eventfeed rebuild when it changes.

            --exec runs COMMAND with /bin/sh -c for each batch, the events as NDJSON on its standard
            input, EVENTFEED_EPOCH, EVENTFEED_AFTER, EVENTFEED_THROUGH, EVENTFEED_HEAD and
            EVENTFEED_ATTEMPT in its environment. Status 0: applied, the checkpoint in --state
            moves. 75: the same events again later. Anything else or a signal: failure, stop. This
            is at least once: if this process dies between the command's end and the checkpoint,
            the same events come again. Exactly once with --after-from, if COMMAND keeps
            EVENTFEED_THROUGH together with its work and leaves out events up to what it kept: it
            outlives a subscriber that is killed, and may then run beside the next one.

            --on-failure park sets an event that cannot be applied aside, with all later ones of
            its stream; see eventfeed parked. The exit status is then 79.

            Examples:
              eventfeed subscribe http://127.0.0.1:2113 --every 2s --into copy.db
              eventfeed subscribe http://127.0.0.1:2113 --every 1s..30s --into copy.db
              eventfeed subscribe http://127.0.0.1:2113 --into copy.db --until-caught-up
              eventfeed subscribe http://127.0.0.1:2113 --into loans.db --projection loans.sql
              eventfeed subscribe http://127.0.0.1:2113 --every 1s..30s --explain
              eventfeed subscribe https://events.example.org --user ann --into copy.db
              eventfeed subscribe ./published --into copy.db --once
              eventfeed subscribe http://127.0.0.1:2113 --state mail.state --exec ./send-mail \\
                  --type OrderPlaced --batch 1
            """
    )

    @Argument(help: "A feed, a server, a file: address or a folder of published pages.")
    var url: String

    @OptionGroup(title: "Where events go")
    var target: SubscriptionTarget

    @OptionGroup(title: "Pace")
    var pace: SubscriptionPace

    @OptionGroup(title: "What is followed")
    var selection: SubscriptionSelection

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func run() async throws {
        try await target.logFormat.use("subscribe") {
            if target.explain { try await explain() } else { try await follow() }
        }
    }

    private func explain() async throws {
        let options = try subscriptionOptions()
        let settings = FeedClient.Settings(deadline: pace.timeout.duration)
        let source = url
        let transport = try access.access.transport(for: url)
        try await Foreground.run {
            try await FeedAccess.withMeteredSource(
                source,
                settings: settings,
                transport: transport
            ) { source, meter in
                let probe = FeedProbe(source: source, meter: meter, options: options)
                let explanation = PaceExplanation(
                    address: source.address,
                    schedule: options.schedule,
                    feed: try await probe.measure()
                )
                try StandardStream.output.writeLine(explanation.text)
            }
        }
    }

    private func follow() async throws {
        // Kept with the checkpoint, for whoever asks from another folder.
        let source = StoreFileCheck.absolute(url)
        let transport = try access.access.transport(for: source)
        let options = try subscriptionOptions()
        let reporter = SubscriptionReporter(
            printsEvents: target.print,
            showsBar: target.logFormat == .text,
            logger: .command("subscribe", level: target.logLevel.level)
        )
        let metrics = target.metrics.map {
            MetricsFile(
                path: $0,
                subscription: target.file,
                interval: options.schedule.longestInterval
            )
        }
        let job = SubscriptionJob(
            options: options,
            startAfter: selection.after.map { EventNumber($0) },
            ending: pace.ending,
            onFailure: target.onFailure.policy,
            observer: ObserverGroup(observers: [reporter] + [metrics].compactMap { $0 }),
            wasSuperseded: { reporter.wasSuperseded },
            // The observer says all of it.
            logger: .command("subscribe", level: .critical)
        )
        let place = try target.place()
        let settings = FeedClient.Settings(deadline: pace.timeout.duration)
        do {
            try await Foreground.run {
                try await FeedAccess.withSource(source, settings: settings, transport: transport) {
                    source in
                    try await job.run(from: source, into: place)
                }
            }
        } catch {
            // That events are parked is no failure: it did what was asked.
            if (error as? CommandError)?.status != .parked { metrics?.countFailure() }
            // Lost: that this failed too; the first error says more.
            try? metrics?.write()
            throw error
        }
        try metrics?.write()
    }

    private func subscriptionOptions() throws -> SubscriptionOptions {
        var options = SubscriptionOptions(
            filter: try selection.filter(),
            schedule: pace.schedule,
            batchSize: target.batch ?? 500,
            startAfter: EventNumber(selection.after ?? 0)
        )
        options.giveUpAfter = pace.giveUp
        options.acceptedEpoch = selection.acceptEpoch?.epoch
        return options
    }
}

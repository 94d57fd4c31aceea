import ArgumentParser
import EventModel
import Logging
import Subscriptions

/// `eventfeed browse`: shows events on a terminal.
struct BrowseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Show events on a terminal, one a line.",
        discussion: """
            Number, time (UTC), stream@version, type and the beginning of the data, with control
            characters shown as escapes.

            Examples:
              eventfeed browse http://127.0.0.1:2113
              eventfeed browse http://127.0.0.1:2113 --stream tab-1
              eventfeed browse http://127.0.0.1:2113 --after 1000 --follow
              eventfeed browse store.db --last 5
            """
    )

    @Argument(help: "A feed, a server, a folder of published pages, or a store's file.")
    var url: String

    @Option(help: ArgumentHelp("Only the last events, 0 to 1000. (default: 20)", valueName: "n"))
    var last: Int?

    @Option(help: ArgumentHelp("All events after this number.", valueName: "n"))
    var after: Int64?

    @Option(help: "Only events of this stream.")
    var stream: String?

    @Flag(help: "Go on with new events until Ctrl-C.")
    var follow = false

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func validate() throws {
        guard last == nil || after == nil else {
            throw ValidationError("choose one of --last and --after")
        }
        if let last, !(0...Limits.readEvents).contains(last) {
            throw ValidationError("--last \(last): choose 0 to \(Limits.readEvents)")
        }
        if let after, after < 0 { throw ValidationError("--after \(after): choose 0 or more") }
    }

    func run() async throws {
        let filter = EventFilter(streams: try stream.map { [try StreamName($0)] } ?? [])
        let (url, last, after, follow) = (url, last, after, follow)
        let transport = try access.access.transport(for: url)
        try await Foreground.run {
            try await FeedAccess.withSource(url, transport: transport) { source in
                let head = try await source.describe().head
                let wanted = after == nil ? last ?? 20 : nil
                // Without a filter the last events are those with the last numbers.
                let start = after ?? (filter.isEverything ? head.rawValue - Int64(wanted ?? 0) : 0)
                var options = SubscriptionOptions(
                    filter: filter,
                    schedule: PollingSchedule(every: .milliseconds(500), wait: .seconds(30)),
                    batchSize: Limits.readEvents,
                    startAfter: EventNumber(max(0, start))
                )
                options.giveUpAfter = 3
                let subscription = Subscription(
                    from: source,
                    to: EventPrinter(last: wanted, head: head, Self.show),
                    options: options,
                    logger: .command("browse", level: .warning)
                )
                if follow {
                    try await subscription.run()
                } else {
                    try await subscription.catchUp()
                }
            }
        }
    }

    @Sendable private static func show(_ event: RecordedEvent) throws {
        // Where nobody looks at columns, more of the data is worth more than a short line.
        let columns = StandardStream.output.isTerminal ? StandardStream.output.columns : 400
        try StandardStream.output.writeLine(EventPreview(event: event).line(columns: columns))
    }
}

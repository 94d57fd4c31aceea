import ArgumentParser
import EventModel
import FeedReading
import Logging

/// `eventfeed append`: writes one event, or loads lines of NDJSON.
struct AppendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Append one event to a stream, or load events from lines of NDJSON.",
        discussion: """
            One event: the stream and --type, --data. Many: --ndjson with one event a line, as the
            feed's own NDJSON has them; number, version and recordedAt are ignored. Lines without an
            id get one here, so a broken connection is repeated safely. Lines go in batches, in
            order, each batch recorded whole or not at all; "expect" on a line holds for its batch.

            Examples:
              eventfeed append http://127.0.0.1:2113 tab-1 --type TabOpened --data '{"table":4}'
              eventfeed append http://127.0.0.1:2113 tab-1 --type Photo --data @photo.jpg \\
                  --media-type image/jpeg --expect 1
              zcat events.ndjson.gz | eventfeed append http://127.0.0.1:2113 --ndjson -
            """
    )

    @Argument(help: "The server.")
    var url: String

    @Argument(help: "The stream of a single event.")
    var stream: String?

    @OptionGroup(title: "One event")
    var event: SingleEventOptions

    @OptionGroup(title: "Many events")
    var lines: LinesOptions

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func validate() throws {
        if lines.ndjson == nil {
            guard stream != nil, event.type != nil, event.data != nil else {
                throw ValidationError(
                    "say what to append: URL STREAM --type T --data JSON, or URL --ndjson FILE"
                )
            }
        } else if stream != nil || event.isGiven {
            throw ValidationError("with --ndjson the lines say everything: leave out the rest")
        }
    }

    func run() async throws {
        let location = try FeedLocation(url)
        try await AsyncHTTPTransport.withTransport(
            settings: try access.access.transport(for: url),
            logger: .command("append", level: .warning)
        ) { transport in
            let writer = try FeedWriter(
                to: location,
                over: transport,
                settings: connection.settings,
                logger: .command("append")
            )
            if let name = lines.ndjson {
                try await load(name, through: writer)
            } else {
                try await appendOne(through: writer)
            }
        }
    }

    private func load(_ name: String, through writer: FeedWriter) async throws {
        let (file, size) = try InputSource.open(name)
        let start = ContinuousClock.now
        let loading = Loading(
            writer: writer,
            batchSize: lines.batch,
            skipsKnown: lines.skipKnown,
            size: size
        )
        let summary = try await loading.load(file)
        let elapsed = start.duration(to: .now)
        let count = Double(summary.new + summary.known)
        let rate = Int64(count / max(elapsed.inSeconds, 0.001))
        let known = Quantity.grouped(summary.known)
        StandardStream.error.tell(
            "\(Quantity.grouped(summary.new)) events recorded"
                + (summary.known > 0 ? ", \(known) were recorded before" : "")
                + " in \(Quantity.time(elapsed)) (\(Quantity.grouped(rate))/s)"
        )
    }

    private func appendOne(through writer: FeedWriter) async throws {
        guard let stream else { throw CommandError(.usage, "name a stream") }
        let new = try event.event(in: StreamName(stream))
        let result = try await writer.append(new, expecting: event.expectedVersion())
        try StandardStream.output.writeLine(
            "event \(result.last) \(new.id)"
                + (result.wasAlreadyRecorded ? " (recorded before)" : "")
        )
    }
}

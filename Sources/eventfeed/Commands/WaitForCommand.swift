import ArgumentParser
import EventModel
import SQLiteStorage
import Subscriptions

/// `eventfeed wait-for`: waits until a read model has an event.
struct WaitForCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait-for",
        abstract: "Wait until a read model has applied an event: read what you wrote.",
        discussion: """
            The number is what an append answers (the header EventFeed-Number, "last" in JSON). The
            file may still be missing, and its subscriber need not run yet. A parked event counts
            as applied.

            Exit status: 0 applied; 75 not in time.

            Examples:
              eventfeed wait-for 4711 copy.db --timeout 5s
              eventfeed wait-for 4711 copy.db && sqlite3 -readonly copy.db 'SELECT …'
            """
    )

    @Argument(help: "The event's number.")
    var number: Int64

    @Argument(help: "The read model's file.")
    var file: String

    @Option(help: "How long to wait.")
    var timeout = DurationArgument(.seconds(10), "10s")

    func validate() throws {
        guard number >= 0 else { throw ValidationError("\(number): choose 0 or more") }
        try timeout.check("timeout", in: .zero ... .seconds(86_400), "0ms to 24h")
    }

    func run() async throws {
        let checkpoint = try await ReadModelStatus.waitUntilApplied(
            EventNumber(number),
            path: file,
            timeout: timeout.duration
        )
        try StandardStream.output.writeLine(checkpoint.number.description)
    }
}

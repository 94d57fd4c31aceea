import ArgumentParser
import EventModel
import FeedReading

/// `eventfeed verify`: checks a whole history.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a whole history, from its first event to its head.",
        discussion: """
            Reads everything that a follower would read and checks what a follower checks: numbers
            without a hole, the chain computed from the events, the facts of every page, length and
            digest of values that stand outside their pages. Nothing is kept.

            An answer that cannot be trusted ends it at once, with status 76 and the number, what
            was expected and what came. A feed that does not answer is asked again for --patience.

            Examples:
              eventfeed verify http://127.0.0.1:2113
              eventfeed verify ./published
              eventfeed verify store.db --json
            """
    )

    @Argument(help: "A feed, a server, a folder of published pages, or a store's file.")
    var url: String

    @Option(help: "How long a feed that does not answer is asked again, 0s to 24h.")
    var patience = DurationArgument(.seconds(60), "1m")

    @Option(help: "How long one whole answer may take.")
    var timeout = DurationArgument(.seconds(30), "30s")

    @Flag(help: "Write one JSON object, also where the history cannot be trusted.")
    var json = false

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func validate() throws {
        try patience.check("patience", in: .zero...Duration.seconds(86_400), "0s to 24h")
        try timeout.check("timeout", in: ConnectionOptions.timeouts, "1ms to 24h")
    }

    func run() async throws {
        try StoreFileCheck.requireSource(url)
        let verification = Verification(patience: patience.duration)
        let settings = FeedClient.Settings(deadline: timeout.duration)
        let transport = try access.access.transport(for: url)
        do {
            let found = try await FeedAccess.withSource(
                url,
                settings: settings,
                transport: transport
            ) {
                try await verification.run($0)
            }
            try StandardStream.output.writeLine(json ? found.report.json : found.line)
        } catch let error as Mistrust {
            if json { try StandardStream.output.writeLine(error.report.json) }
            throw error
        }
    }
}

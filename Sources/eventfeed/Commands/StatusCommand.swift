import ArgumentParser

/// `eventfeed status`: how a feed, a store or a read model stands.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how a feed, a store or a read model stands.",
        discussion: """
            Of a read model: its checkpoint, the feed's head, and the lag in events and in time (the
            age of the oldest event that is not applied). It works while the subscriber runs and
            when it does not, and says so where the feed cannot be asked.

            Examples:
              eventfeed status copy.db
              eventfeed status http://127.0.0.1:2113
              eventfeed status store.db --json
            """
    )

    @Argument(help: "A read model's file, a store's file, or the address of a feed.")
    var name: String

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() async throws {
        if !name.contains("://") { try StoreFileCheck.requireFile(name) }
        let report = try await StatusInspector().report(on: name)
        try StandardStream.output.writeLine(json ? report.json : report.lines)
    }
}

import ArgumentParser

/// `eventfeed status`: how a feed, a store or a read model stands.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how a feed, a store or a read model stands.",
        discussion: """
            Of a read model: its checkpoint, the feed's head, and the lag in events and in time (the
            age of the oldest event that is not applied). It works while the subscriber runs and
            when it does not, says which, and says so where the feed cannot be asked.

            Exit status: 0; 75 where the lag is longer than --max-lag or nobody knows it; 79 where
            events are parked.

            Examples:
              eventfeed status copy.db
              eventfeed status http://127.0.0.1:2113
              eventfeed status store.db --json
              eventfeed status copy.db --max-lag 30s
            """
    )

    @Argument(help: "A read model's file, a store's file, or the address of a feed.")
    var name: String

    @Flag(help: "Write one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Fail where the oldest event that is not applied is older than this.",
            valueName: "duration"
        )
    )
    var maxLag: DurationArgument?

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func run() async throws {
        if !name.contains("://") { try StoreFileCheck.requireFile(name) }
        let report = try await StatusInspector(access: access.access).report(on: name)
        try StandardStream.output.writeLine(json ? report.json : report.lines)
        try check(report)
    }

    /// Throws what a monitor should learn from the exit status.
    private func check(_ report: StatusReport) throws(CommandError) {
        if let maxLag {
            switch report.value(of: "lagSeconds") {
            case .seconds(let lag) where lag <= maxLag.duration.inSeconds:
                break
            case .seconds(let lag):
                throw CommandError(
                    .temporary,
                    "\(name) is \(Quantity.time(.seconds(lag))) behind, allowed are \(maxLag)"
                )
            default:
                throw CommandError(.temporary, "nobody knows how far \(name) is behind")
            }
        }
        if case .number(let parked) = report.value(of: "parkedEvents"), parked > 0 {
            throw CommandError(.parked, "events are parked; see eventfeed parked list \(name)")
        }
    }
}

import ArgumentParser
import EventModel
import SQLiteStorage
import Subscriptions

/// `eventfeed parked`: events that were set aside because they could not be applied.
struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "List, show, retry or discard events that could not be applied.",
        discussion: """
            With --on-failure park, subscribe sets an event that cannot be applied aside, and every
            later event of its stream, and goes on with the others.

            retry and discard go through the subscriber while it runs, between two batches, and
            through this command while it does not.

            Examples:
              eventfeed parked list loans.db
              eventfeed parked show loans.db application-173688
              eventfeed parked retry loans.db application-173688
              eventfeed parked discard loans.db --number 4711
            """,
        subcommands: [List.self, Show.self, Retry.self, Discard.self]
    )

    /// Which parked events are meant.
    struct Selection: ParsableArguments {
        @Argument(help: "The stream; all of them where neither it nor --number is given.")
        var stream: String?

        @Option(help: ArgumentHelp("One event.", valueName: "n"))
        var number: Int64?

        func validate() throws {
            guard stream == nil || number == nil else {
                throw ValidationError("choose a stream or --number, not both")
            }
        }

        var selection: ParkedSelection {
            if let number { return .number(number) }
            return stream.map { .stream($0) } ?? .all
        }
    }

    /// `eventfeed parked list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the streams that have parked events.",
            discussion: """
                Examples:
                  eventfeed parked list loans.db
                  eventfeed parked list loans.db --json
                """
        )

        @Argument(help: "The file of --into or --state.")
        var file: String

        @Flag(help: "Write one JSON object a line.")
        var json = false

        func run() async throws {
            try StoreFileCheck.requireFile(file)
            let streams = try ParkedEvents(path: file).streams()
            for stream in streams {
                let report = ParkedReport.of(stream)
                try StandardStream.output.writeLine(json ? report.json : report.lines + "\n")
            }
            if streams.isEmpty, !json {
                try StandardStream.output.writeLine("nothing is parked in \(file)")
            }
        }
    }

    /// `eventfeed parked show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Write parked events as NDJSON, oldest first.",
            discussion: """
                The lines are those of the feed; why an event is parked goes to the standard error.

                Examples:
                  eventfeed parked show loans.db application-173688
                  eventfeed parked show loans.db --number 4711
                """
        )

        @Argument(help: "The file of --into or --state.")
        var file: String

        @OptionGroup
        var which: Selection

        func run() async throws {
            try StoreFileCheck.requireFile(file)
            let parked = ParkedEvents(path: file)
            var after = EventNumber.beginning
            while true {
                let events = try parked.events(which.selection, after: after)
                guard let last = events.last else { return }
                for event in events {
                    if let reason = event.reason {
                        StandardStream.error.tell(
                            "\(event.event.number): \(TerminalText.escaped(reason))"
                        )
                    }
                    try StandardStream.output.write(EventLines.ndjson(of: [event.event]))
                }
                after = last.event.number
            }
        }
    }

    /// How an owner is asked.
    struct Asking: ParsableArguments {
        @Option(help: "How long to wait for a running subscriber's answer.")
        var timeout = DurationArgument(.seconds(30), "30s")

        func validate() throws {
            let most = Duration.seconds(86_400)
            try timeout.check("timeout", in: .milliseconds(1)...most, "1ms to 24h")
        }
    }

    /// `eventfeed parked retry`.
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Try parked events again, each stream in order up to its first failure.",
            discussion: """
                The events of a stream that are all applied are followed as before. Of one --number
                its whole stream is tried. While nobody subscribes to the state of an --exec
                command, the command has to be given here.

                Exit status: 0 all of them are applied; 79 some are still parked.

                Examples:
                  eventfeed parked retry loans.db
                  eventfeed parked retry loans.db application-173688
                  eventfeed parked retry mail.state --exec ./send-mail
                """
        )

        @Argument(help: "The file of --into or --state.")
        var file: String

        @OptionGroup
        var which: Selection

        @Option(help: ArgumentHelp("The command that handles events.", valueName: "command"))
        var exec: String?

        @OptionGroup
        var asking: Asking

        func run() async throws {
            try StoreFileCheck.requireFile(file)
            let status = try ReadModelStatus.read(path: file)
            let unknown = CommandError(.usage, "\(file) belongs to a command: give it as --exec")
            guard exec != nil || status.isRunning || !status.terms.models.isEmpty else {
                throw unknown
            }
            let parked = ParkedEvents(path: file)
            guard try which.selection == .all || !parked.events(which.selection).isEmpty else {
                throw CommandError(.noInput, "no such event is parked in \(file)")
            }
            let answer = try await parked.perform(
                .retry(which.selection),
                timeout: asking.timeout.duration
            ) { [exec, file] store, selection in
                let definitions = try ReadModelStatus.read(path: file).terms.models
                if !definitions.isEmpty {
                    return try await store.retryParked(
                        selection,
                        with: try Projections.models(definitions)
                    )
                }
                // Its subscriber ended just now.
                guard let exec else { throw unknown }
                let handler = ExecHandler(command: exec, timeout: .seconds(60))
                return try await HandlerRunner(handler, checkpointIn: store).retryParked(selection)
            }
            guard case .retried(let report) = answer else { throw ParkedReport.failure(answer) }
            for failure in report.failures {
                StandardStream.error.tell(TerminalText.escaped(failure))
            }
            try StandardStream.output.writeLine(
                "\(Quantity.grouped(report.applied)) applied, "
                    + "\(Quantity.grouped(report.left)) still parked"
            )
            guard report.left == 0 else {
                throw CommandError(.parked, "\(report.left) events are still parked")
            }
        }
    }

    /// `eventfeed parked discard`.
    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "discard",
            abstract: "Give parked events up for good; a record of each is kept.",
            discussion: """
                The read model then lacks them. What is left of the stream can be retried. The
                record is in the table eventfeed_discarded; the events themselves stay in the feed.

                Examples:
                  eventfeed parked discard loans.db --number 4711
                  eventfeed parked discard loans.db application-173688 --yes
                """
        )

        @Argument(help: "The file of --into or --state.")
        var file: String

        @OptionGroup
        var which: Selection

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @OptionGroup
        var asking: Asking

        func run() async throws {
            try StoreFileCheck.requireFile(file)
            let first = try ParkedEvents(path: file).events(which.selection)
            guard let event = first.first else {
                throw CommandError(.noInput, "no such event is parked in \(file)")
            }
            try Confirmation.ask(
                "The read model will never have event \(event.event.number) and what else is "
                    + "meant.",
                isGiven: yes
            )
            let answer = try await ParkedEvents(path: file).perform(
                .discard(which.selection),
                timeout: asking.timeout.duration
            ) { _, _ in RetryReport() }
            guard case .discarded(let count) = answer else { throw ParkedReport.failure(answer) }
            try StandardStream.output.writeLine("\(Quantity.grouped(count)) discarded")
        }
    }
}

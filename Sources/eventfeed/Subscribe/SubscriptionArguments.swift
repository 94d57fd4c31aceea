import ArgumentParser
import EventModel
import SQLiteStorage
import Subscriptions

/// Where `subscribe` puts events.
struct SubscriptionTarget: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep every event, or the rows of --projection, in this SQLite file.",
            valueName: "file"
        )
    )
    var into: String?

    @Option(
        help: ArgumentHelp(
            "SQL that says what to keep instead of every event; may be repeated.",
            valueName: "file"
        )
    )
    var projection: [String] = []

    @Option(help: "How long each statement of a projection may run.")
    var statementTimeout = DurationArgument(.seconds(30), "30s")

    @Option(
        help: ArgumentHelp(
            """
            What to do about an event that cannot be applied: stop; retry=N times, then stop; or \
            park it and what follows in its stream. (default: stop)
            """,
            valueName: "policy"
        )
    )
    var onFailure = FailurePolicyArgument(.stop, "stop")

    @Option(help: ArgumentHelp("Run this for each batch; needs --state.", valueName: "command"))
    var exec: String?

    @Option(help: ArgumentHelp("The file that keeps the checkpoint of --exec.", valueName: "file"))
    var state: String?

    @Option(
        help: ArgumentHelp(
            """
            Prints the number up to which COMMAND has kept its work, at every start; what comes \
            after it is handed over.
            """,
            valueName: "command"
        )
    )
    var afterFrom: String?

    @Flag(help: "Nowhere: say how much the pace costs in a day with this feed, and end.")
    var explain = false

    @Option(help: "How long COMMAND may take; then TERM, 5 s later KILL.")
    var execTimeout = DurationArgument(.seconds(60), "60s")

    @Option(help: "Events in one batch at the most, 1 to 1000. (default: 500)")
    var batch: Int?

    @Flag(help: "Write each event as a line of NDJSON to the standard output, after its commit.")
    var print = false

    @Option(
        help: ArgumentHelp(
            "Keep metrics in this file, for node exporter's textfile collector.",
            valueName: "file"
        )
    )
    var metrics: String?

    @Option(help: "From here on messages are logged: debug, info, notice, warning, error.")
    var logLevel = LogLevel.info

    @Option(help: "How messages are written: text, or json with one object a line.")
    var logFormat = LogFormat.text

    func validate() throws {
        guard explain || (into == nil) != (exec == nil) else {
            throw ValidationError("say where events go: either --into FILE or --exec COMMAND")
        }
        guard (exec == nil) == (state == nil) else {
            throw ValidationError("--exec COMMAND and --state FILE belong together")
        }
        if let batch, !(1...Limits.readEvents).contains(batch) {
            throw ValidationError("--batch \(batch): choose 1 to \(Limits.readEvents) events")
        }
        guard projection.isEmpty || into != nil else {
            throw ValidationError("--projection FILE needs --into FILE")
        }
        guard afterFrom == nil || exec != nil else {
            throw ValidationError("--after-from COMMAND belongs to --exec COMMAND")
        }
        guard exec == nil || onFailure.policy != .park || batch == 1 else {
            throw ValidationError(
                "--exec with --on-failure park needs --batch 1: of a larger batch nobody knows "
                    + "which event it was"
            )
        }
        let most = Duration.seconds(86_400)
        try execTimeout.check("exec-timeout", in: .milliseconds(1)...most, "1ms to 24h")
        try statementTimeout.check("statement-timeout", in: .milliseconds(1)...most, "1ms to 24h")
    }

    /// The file that keeps the checkpoint.
    var file: String { into ?? state ?? "" }

    /// The place that was chosen.
    func place() throws -> SubscriptionJob.Place {
        if let into {
            guard !projection.isEmpty else { return .models([EventCopy()], file: into) }
            let projections = try Projections.load(projection, within: statementTimeout.duration)
            return .models(projections, file: into)
        }
        guard let exec, let state else {
            throw CommandError(.usage, "say where events go: --into FILE or --exec COMMAND")
        }
        return .command(
            ExecHandler(command: exec, timeout: execTimeout.duration),
            state: state,
            afterFrom: afterFrom.map {
                HandledNumber(command: $0, timeout: execTimeout.duration)
            }
        )
    }
}

/// When `subscribe` asks, and when it ends.
struct SubscriptionPace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The poll interval, 100ms to 24h; 1s..30s adapts: 1s while events come, longer while \
            none do. (default: 2s; with --wait 100ms)
            """,
            valueName: "interval"
        ),
        transform: { try IntervalArgument($0) }
    )
    var every: IntervalArgument?

    @Flag(help: "Let the server hold its answer for up to 30 s until there is something new.")
    var wait = false

    @Flag(help: "Ask once, apply what comes, and end.")
    var once = false

    @Flag(help: "End when nothing is left to read.")
    var untilCaughtUp = false

    @Option(help: "How long one whole answer may take.")
    var timeout = DurationArgument(.seconds(30), "30s")

    @Option(help: "The pause after the first failure; it doubles with each further one.")
    var retryMin = DurationArgument(.seconds(1), "1s")

    @Option(help: "The longest pause between failures.")
    var retryMax = DurationArgument(.seconds(60), "1m")

    @Option(help: ArgumentHelp("Give up after this many bad answers in a row.", valueName: "n"))
    var giveUp = SubscriptionOptions.standardGiveUp

    func validate() throws {
        try retryMin.check("retry-min", in: BackOff.pauses, "1ms to 24h")
        try retryMax.check("retry-max", in: BackOff.pauses, "1ms to 24h")
        guard retryMin.duration <= retryMax.duration else {
            throw ValidationError("--retry-min \(retryMin) is longer than --retry-max \(retryMax)")
        }
        try timeout.check("timeout", in: ConnectionOptions.timeouts, "1ms to 24h")
        guard giveUp >= 1 else { throw ValidationError("--give-up \(giveUp): choose 1 or more") }
        guard !(once && untilCaughtUp) else {
            throw ValidationError("choose one of --once and --until-caught-up")
        }
    }

    /// When to ask.
    var schedule: PollingSchedule {
        // A held answer is the pace: the next request may follow at once.
        let standard = Duration.milliseconds(wait ? 100 : 2_000)
        return PollingSchedule(
            every: every?.pace ?? standard...standard,
            wait: wait ? .seconds(30) : nil,
            backOff: BackOff(minimum: retryMin.duration, maximum: retryMax.duration)
        )
    }

    /// When to end.
    var ending: SubscriptionJob.Ending {
        if once { return .afterOneRound }
        return untilCaughtUp ? .caughtUp : .stopped
    }
}

/// Which events `subscribe` follows.
struct SubscriptionSelection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where a new checkpoint starts; refused where there is one that started elsewhere. \
            (default: 0, everything)
            """,
            valueName: "n"
        )
    )
    var after: Int64?

    @Option(help: "Only events of this stream; may be repeated.")
    var stream: [String] = []

    @Option(help: "Only events of streams that begin with this and a dash; may be repeated.")
    var category: [String] = []

    @Option(help: "Only events of this type, a final * for a prefix; may be repeated.")
    var type: [String] = []

    @Option(help: ArgumentHelp("Go on in this epoch if its history is ours.", valueName: "id"))
    var acceptEpoch: EpochArgument?

    func validate() throws {
        if let after, after < 0 { throw ValidationError("--after \(after): choose 0 or more") }
    }

    /// The filter that the options describe.
    func filter() throws -> EventFilter {
        EventFilter(
            streams: try stream.map { try StreamName($0) },
            categories: try category.map { try StreamCategory($0) },
            types: try type.map { text in
                guard text.hasSuffix("*") else { return .exactly(try EventType(text)) }
                return .prefix(String(text.dropLast()))
            }
        )
    }
}

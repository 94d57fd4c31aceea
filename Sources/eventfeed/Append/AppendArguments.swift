import ArgumentParser
import EventModel
import FeedPages
import FeedReading
import Subscriptions

/// What a single event is made of.
struct SingleEventOptions: ParsableArguments {
    @Option(help: "The event's type.")
    var type: String?

    @Option(help: "The data: text, @FILE for a file's bytes, - for the standard input.")
    var data: String?

    @Option(help: "What the data is. (default: application/json)")
    var mediaType: String?

    @Option(help: "The metadata, a JSON object.")
    var metadata: String?

    @Option(help: "The event's id, a UUID; give one to repeat the command safely.")
    var id: String?

    @Option(help: "What the stream must be: any, none, exists or its version. (default: any)")
    var expect: String?

    /// Whether any of them is there.
    var isGiven: Bool {
        [type, data, mediaType, metadata, id, expect].contains { $0 != nil }
    }

    /// The event.
    func event(in stream: StreamName) throws -> NewEvent {
        guard let type, let data else { throw CommandError(.usage, "give --type and --data") }
        let payload = Payload(
            try InputSource.bytes(data, limit: Limits.standard.dataBytes),
            mediaType: try mediaType.map { try MediaType($0) } ?? .json
        )
        if payload.mediaType == .json {
            try Self.check(payload.bytes, "--data", hint: "or say what it is with --media-type")
        }
        return NewEvent(
            id: try eventID(),
            stream: stream,
            type: try EventType(type),
            data: payload,
            metadata: try metadata.map { text in
                try Self.check(Array(text.utf8), "--metadata", hint: "write {\"actor\":\"ann\"}")
                return .json(text)
            }
        )
    }

    /// What must hold of the stream.
    func expectedVersion() throws -> ExpectedVersion {
        switch expect {
        case nil, "any": return .any
        case "none": return .none
        case "exists": return .exists
        case .some(let text):
            guard let version = Int64(text).flatMap(StreamVersion.init(rawValue:)) else {
                throw CommandError(
                    .usage,
                    "--expect \"\(text)\": write any, none, exists or a version such as 7"
                )
            }
            return .exactly(version)
        }
    }

    private func eventID() throws -> EventID {
        guard let text = id else { return .timeOrdered() }
        guard let id = EventID(text) else {
            throw CommandError(.usage, "--id \"\(text)\" is no UUID")
        }
        return id
    }

    private static func check(_ bytes: [UInt8], _ option: String, hint: String) throws {
        do throws(JSONError) {
            try JSONReader.validate(bytes)
        } catch {
            throw CommandError(
                .dataError,
                "\(option) is no JSON at byte \(error.index + 1): \(error); \(hint)"
            )
        }
    }
}

/// How lines are loaded.
struct LinesOptions: ParsableArguments {
    @Option(
        defaultAsFlag: "-",
        help: ArgumentHelp("Load lines from a file, or - the standard input.", valueName: "file")
    )
    var ndjson: String?

    @Option(help: ArgumentHelp("Lines in one append at the most, 1 to 10000.", valueName: "n"))
    var batch = 500

    @Flag(help: "Leave out events that are recorded already, instead of refusing their batch.")
    var skipKnown = false

    func validate() throws {
        guard (1...Limits.standard.eventsPerAppend).contains(batch) else {
            throw ValidationError(
                "--batch \(batch): choose 1 to \(Limits.standard.eventsPerAppend) lines"
            )
        }
    }
}

/// How a server is talked to.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "How long one whole answer may take.")
    var timeout = DurationArgument(.seconds(60), "60s")

    @Option(help: "For how long a broken connection or a busy server is tried again.")
    var patience = DurationArgument(.seconds(60), "60s")

    @Option(help: "The pause after the first failure; it doubles with each further one.")
    var retryMin = DurationArgument(.milliseconds(200), "200ms")

    @Option(help: "The longest pause between failures.")
    var retryMax = DurationArgument(.seconds(5), "5s")

    /// What can be chosen for one whole answer: 1 millisecond to 24 hours.
    static let timeouts = Duration.milliseconds(1)...Duration.seconds(86_400)

    func validate() throws {
        try timeout.check("timeout", in: Self.timeouts, "1ms to 24h")
        try patience.check("patience", in: .zero...DurationArgument.longest, "0s to 366d")
        try retryMin.check("retry-min", in: BackOff.pauses, "1ms to 24h")
        try retryMax.check("retry-max", in: BackOff.pauses, "1ms to 24h")
        guard retryMin.duration <= retryMax.duration else {
            throw ValidationError("--retry-min \(retryMin) is longer than --retry-max \(retryMax)")
        }
    }

    /// How a writer waits and tries again.
    var settings: FeedWriter.Settings {
        FeedWriter.Settings(
            deadline: timeout.duration,
            patience: patience.duration,
            backOff: BackOff(minimum: retryMin.duration, maximum: retryMax.duration)
        )
    }
}

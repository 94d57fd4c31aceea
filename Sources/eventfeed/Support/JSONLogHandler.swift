import EventModel
import FeedPages
import Logging

/// Writes log messages as JSON, one object a line: `time`, `level`, `label`, `message` and, where
/// there is any, `metadata`.
///
/// In the metadata, numbers are numbers and durations are seconds where whoever logs gives them as
/// such (`.stringConvertible`); what is given as text stays text, so that a name never changes its
/// type with its value.
struct JSONLogHandler: LogHandler {
    let label: String
    let lines: LogLines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// The present.
    var now: @Sendable () -> Timestamp = { .now() }

    init(label: String, lines: LogLines) {
        self.label = label
        self.lines = lines
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        all.merge(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        var line: [UInt8] = Array("{\"time\":".utf8)
        JSONWriting.appendString(now().description, to: &line)
        line += Array(",\"level\":".utf8)
        JSONWriting.appendString(event.level.rawValue, to: &line)
        line += Array(",\"label\":".utf8)
        JSONWriting.appendString(label, to: &line)
        line += Array(",\"message\":".utf8)
        JSONWriting.appendString("\(event.message)", to: &line)
        if !all.isEmpty {
            line += Array(",\"metadata\":".utf8)
            Self.append(.dictionary(all), to: &line)
        }
        lines.write(line + Array("}\n".utf8))
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text):
            JSONWriting.appendString(text, to: &line)
        case .stringConvertible(let value):
            append(value, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            line.append(UInt8(ascii: "{"))
            // In a fixed order, so that lines of one kind look alike.
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                JSONWriting.appendString(pair.key, to: &line)
                line.append(UInt8(ascii: ":"))
                append(pair.value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    private static func append(
        _ value: any CustomStringConvertible & Sendable,
        to line: inout [UInt8]
    ) {
        switch value {
        case let number as any BinaryInteger: line += Array("\(number)".utf8)
        case let number as Double where number.isFinite: line += Array("\(number)".utf8)
        case let flag as Bool: line += Array("\(flag)".utf8)
        case let duration as Duration: line += Array("\(duration.inSeconds)".utf8)
        case let time as LoggedTime: line += Array("\(time.duration.inSeconds)".utf8)
        default: JSONWriting.appendString(value.description, to: &line)
        }
    }
}

/// A duration in the metadata of a log message: for people in their units, in JSON in seconds.
struct LoggedTime: CustomStringConvertible, Sendable {
    let duration: Duration

    var description: String { Quantity.time(duration) }
}

extension Logger.MetadataValue {
    /// A whole number, which is one in JSON too.
    static func number(_ value: some BinaryInteger & Sendable) -> Logger.MetadataValue {
        .stringConvertible(Int64(clamping: value))
    }

    /// A duration, which is a number of seconds in JSON.
    static func time(_ duration: Duration) -> Logger.MetadataValue {
        .stringConvertible(LoggedTime(duration: duration))
    }
}

import ArgumentParser

/// A duration on the command line: a number and `ms`, `s`, `m`, `h` or `d`, such as `200ms`,
/// `1.5s`.
struct DurationArgument: ExpressibleByArgument, Hashable {
    let duration: Duration
    private let text: String

    init?(argument: String) {
        guard let duration = Self.parse(argument) else { return nil }
        self.duration = duration
        text = argument
    }

    /// The text as it was given.
    var defaultValueDescription: String { text }

    /// Reads a number and a unit.
    static func parse(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard !number.isEmpty, number != ".", let value = Double(number), value <= 1e9 else {
            return nil
        }
        switch text.dropFirst(number.count) {
        case "ms": return .milliseconds(value)
        case "s": return .seconds(value)
        case "m": return .seconds(value * 60)
        case "h": return .seconds(value * 3_600)
        case "d": return .seconds(value * 86_400)
        default: return nil
        }
    }
}

extension DurationArgument: CustomStringConvertible {
    /// Wraps a default with the text that stands for it.
    init(_ duration: Duration, _ text: String) {
        self.duration = duration
        self.text = text
    }

    var description: String { text }
}

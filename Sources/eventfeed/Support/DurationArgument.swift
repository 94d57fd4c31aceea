import ArgumentParser

/// A duration on the command line: a number and `ms`, `s`, `m`, `h` or `d`, such as `200ms`,
/// `1.5s`; 366 days at the most.
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

    /// The longest duration, 366 days: whatever counts in nanoseconds can hold it.
    static let longest = Duration.seconds(366 * 86_400)

    /// Reads a number and a unit; nil where the text is none, or longer than ``longest``.
    static func parse(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard !number.isEmpty, number != ".", let value = Double(number),
            let unit = seconds(in: text.dropFirst(number.count)),
            value * unit <= longest.inSeconds
        else { return nil }
        return .seconds(value * unit)
    }

    private static func seconds(in unit: Substring) -> Double? {
        switch unit {
        case "ms": 0.001
        case "s": 1
        case "m": 60
        case "h": 3_600
        case "d": 86_400
        default: nil
        }
    }

    /// Throws where the duration of an option is out of range.
    ///
    /// - Parameters:
    ///   - option: The option's name, without dashes.
    ///   - range: What is allowed.
    ///   - words: The range in words, such as `1s to 24h`.
    /// - Throws: `ValidationError` that names option and range.
    func check(_ option: String, in range: ClosedRange<Duration>, _ words: String) throws {
        guard range.contains(duration) else {
            throw ValidationError("--\(option) \(text): choose \(words)")
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

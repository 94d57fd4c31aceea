import EventModel
import FeedPages

/// Facts about something, in order, for people and for programs.
struct StatusReport: Equatable {
    /// A fact's value.
    enum Value: Equatable {
        case text(String)
        case number(Int64)
        case seconds(Double)
        case flag(Bool)
        /// Nobody could be asked.
        case unknown
    }

    /// One fact: its name in JSON, its words for people, its value, and how people read it.
    struct Fact: Equatable {
        let name: String
        /// Nil where another fact says it for people.
        let label: String?
        let value: Value
        let shown: String
    }

    private(set) var facts: [Fact] = []

    /// Adds a fact.
    ///
    /// - Parameters:
    ///   - name: Its name in JSON.
    ///   - label: Its words for people; nil where another fact says it.
    ///   - value: Its value.
    ///   - shown: How people read it; the value itself where it is not given.
    mutating func add(_ name: String, _ label: String?, _ value: Value, shown: String? = nil) {
        facts.append(Fact(name: name, label: label, value: value, shown: shown ?? value.shown))
    }

    /// The value of a fact; nil where there is no such fact.
    ///
    /// - Parameter name: Its name in JSON.
    /// - Returns: The value.
    func value(of name: String) -> Value? { facts.first { $0.name == name }?.value }

    /// The facts as aligned lines.
    var lines: String {
        let shown = facts.compactMap { fact in fact.label.map { ($0, fact.shown) } }
        let width = shown.map(\.0.count).max() ?? 0
        return shown.map { label, text in
            let padding = String(repeating: " ", count: width - label.count + 2)
            return label + padding + TerminalText.escaped(text)
        }.joined(separator: "\n")
    }

    /// The facts as one JSON object.
    var json: String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, fact) in facts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriting.appendString(fact.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            fact.value.appendJSON(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension StatusReport.Value {
    /// How people read the value where nothing better is said.
    var shown: String {
        switch self {
        case .text(let text): text
        case .number(let number): Quantity.grouped(number)
        case .seconds(let seconds): Quantity.time(.seconds(seconds))
        case .flag(let flag): flag ? "yes" : "no"
        case .unknown: "unknown"
        }
    }

    fileprivate func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): JSONWriting.appendString(text, to: &bytes)
        case .number(let number): bytes += Array("\(number)".utf8)
        case .seconds(let seconds): bytes += Array("\(seconds)".utf8)
        case .flag(let flag): bytes += Array("\(flag)".utf8)
        case .unknown: bytes += Array("null".utf8)
        }
    }
}

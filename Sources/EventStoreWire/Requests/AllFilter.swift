import EventModel

/// Which events a filtered page of everything has.
struct AllFilter: Sendable {
    /// What is compared.
    private enum Context: Sendable { case eventType, streamID }

    private enum Condition: Sendable {
        case prefixes([[UInt8]])
        case pattern(NamePattern)
        case noSystemEvents
    }

    /// Prefixes in one filter.
    static let maximumPrefixes = 64

    /// The part of the query that says all this, for links.
    let query: String
    private let context: Context
    private let condition: Condition

    /// Reads `context`, `type` and `data`, or `exclude-system-events`.
    ///
    /// - Throws: 400 that says what is wrong.
    init(_ query: String?) throws {
        if PercentText.value(of: "exclude-system-events", in: query)?.lowercased() == "true" {
            self.query = "exclude-system-events=true"
            (context, condition) = (.eventType, .noSystemEvents)
            return
        }
        let contextText = PercentText.value(of: "context", in: query) ?? ""
        let typeText = PercentText.value(of: "type", in: query) ?? ""
        switch contextText.lowercased() {
        case "eventtype": context = .eventType
        case "streamid": context = .streamID
        default: throw WireRefusal.invalid("Invalid context: use eventtype or streamid")
        }
        guard let data = PercentText.value(of: "data", in: query), !data.isEmpty else {
            throw WireRefusal.invalid("Missing data: give what to filter by")
        }
        switch typeText.lowercased() {
        case "prefix":
            let prefixes = data.utf8.split(separator: UInt8(ascii: ",")).map { Array($0) }
            guard !prefixes.isEmpty, prefixes.count <= Self.maximumPrefixes else {
                throw WireRefusal.invalid(
                    "Invalid data: give 1 to \(Self.maximumPrefixes) prefixes"
                )
            }
            condition = .prefixes(prefixes)
        case "regex":
            do throws(InvalidPattern) {
                condition = .pattern(try NamePattern(data))
            } catch {
                throw WireRefusal.invalid("Invalid data: \(error)")
            }
        default:
            throw WireRefusal.invalid("Invalid type: use prefix or regex")
        }
        self.query =
            "context=\(contextText.lowercased())&type=\(typeText.lowercased())"
            + "&data=\(PercentEncoding.encode(data))"
    }

    /// Whether an event is wanted.
    func matches(_ event: RecordedEvent) -> Bool {
        let text = context == .eventType ? event.type.text : event.stream.text
        switch condition {
        case .prefixes(let prefixes): return prefixes.contains { text.utf8.starts(with: $0) }
        case .pattern(let pattern): return pattern.matches(text)
        case .noSystemEvents: return text.utf8.first != UInt8(ascii: "$")
        }
    }
}

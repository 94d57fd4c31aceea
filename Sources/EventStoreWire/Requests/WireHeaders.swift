import EventModel
import HTTPTypes

/// A request that is answered with a status and a sentence in place of the reason phrase.
struct WireRefusal: Error, Equatable {
    /// The status code.
    var status: Int
    /// The sentence.
    var reason: String

    /// 400 with a sentence.
    static func invalid(_ reason: String) -> WireRefusal {
        WireRefusal(status: 400, reason: reason)
    }
}

/// The headers that the product gave a meaning to; each may also be spelled `Kurrent-…`.
struct WireHeaders {
    private let fields: HTTPFields

    init(_ fields: HTTPFields) {
        self.fields = fields
    }

    /// Whether the client spells the headers in the newer way.
    var areKurrent: Bool {
        fields.contains { $0.name.canonicalName.hasPrefix("kurrent-") }
    }

    /// The value of `ES-…`; nil where it is absent or empty.
    private func value(_ name: String) -> String? {
        let value = fields.first("ES-\(name)") ?? fields.first("Kurrent-\(name)")
        return value?.isEmpty == false ? value : nil
    }

    /// `ES-EventType`.
    var eventType: String? { value("EventType") }

    /// `ES-EventId`; a malformed one and the one of zeros are refused.
    func eventID() throws -> EventID? {
        guard let text = value("EventId") else { return nil }
        guard let id = WrittenID.parse(Array(text.utf8)), id != WrittenID.zero else {
            throw malformed("EventId")
        }
        return id
    }

    /// `ES-ExpectedVersion`, in the product's numbers.
    func expectedNumber() throws -> ExpectedNumber {
        guard let text = value("ExpectedVersion") else { return .any }
        guard let number = Int64(text) else { throw malformed("ExpectedVersion") }
        switch number {
        case 0...: return .number(number)
        case -1: return .noStream
        case -2: return .any
        case -4: return .streamExists
        // The product lets it pass and then fails.
        case -3: throw WireRefusal(status: 500, reason: "Internal Server Error")
        default: throw malformed("ExpectedVersion")
        }
    }

    /// Checks `ES-RequireMaster` and its newer names; this node is the only one, so any value will
    /// do that is well formed.
    func checkRequiredLeader() throws {
        for name in ["RequireMaster", "RequireLeader"] {
            if let text = value(name), Self.truth(text) == nil { throw malformed(name) }
        }
    }

    /// `ES-ResolveLinkTos`.
    func resolvesLinks(byDefault: Bool) throws -> Bool {
        guard let text = value("ResolveLinkTos") else { return byDefault }
        guard let truth = Self.truth(text) else { throw malformed("ResolveLinkTos") }
        return truth
    }

    /// `ES-HardDelete`.
    func deletesForEver() throws -> Bool {
        guard let text = value("HardDelete") else { return false }
        guard let truth = Self.truth(text) else { throw malformed("HardDelete") }
        return truth
    }

    /// `ES-LongPoll` in seconds, at least 1; cut to what is held at the most.
    func longPollSeconds(atMost limit: Int) throws -> Int? {
        guard let text = value("LongPoll") else { return nil }
        guard let seconds = Int32(text), seconds > 0 else { throw malformed("LongPoll") }
        return min(Int(seconds), limit)
    }

    private func malformed(_ name: String) -> WireRefusal {
        .invalid("ES-\(name) header in wrong format.")
    }

    private static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

/// What `ES-ExpectedVersion` says.
enum ExpectedNumber: Equatable, Sendable {
    /// −2, or nothing.
    case any
    /// −1.
    case noStream
    /// −4.
    case streamExists
    /// The number of the last event.
    case number(Int64)

    /// The same in the store's words.
    var version: ExpectedVersion {
        switch self {
        case .any: .any
        case .noStream: .none
        case .streamExists: .exists
        // The last number there is has no successor, and no stream gets there.
        case .number(.max): .exactly(StreamVersion(.max))
        case .number(let number): .exactly(StreamVersion(number + 1))
        }
    }
}

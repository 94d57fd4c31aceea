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

    /// The value of a header in one of its spellings; nil where it is absent or empty.
    private func value(_ header: Header) -> String? {
        let value = fields[values: header.name].first ?? fields[values: header.newerName].first
        return value?.isEmpty == false ? value : nil
    }

    /// A header with its two spellings, made once.
    private struct Header {
        let name: HTTPField.Name
        let newerName: HTTPField.Name

        private init(_ suffix: StaticString) {
            name = WireField.name("ES-\(suffix)")
            newerName = WireField.name("Kurrent-\(suffix)")
        }

        static let eventType = Header("EventType")
        static let eventID = Header("EventId")
        static let expectedVersion = Header("ExpectedVersion")
        static let requireMaster = Header("RequireMaster")
        static let requireLeader = Header("RequireLeader")
        static let resolveLinkTos = Header("ResolveLinkTos")
        static let hardDelete = Header("HardDelete")
        static let longPoll = Header("LongPoll")
    }

    /// `ES-EventType`.
    var eventType: String? { value(.eventType) }

    /// `ES-EventId`; a malformed one and the one of zeros are refused.
    func eventID() throws -> EventID? {
        guard let text = value(.eventID) else { return nil }
        guard let id = WrittenID.parse(Array(text.utf8)), id != WrittenID.zero else {
            throw malformed(.eventID)
        }
        return id
    }

    /// `ES-ExpectedVersion`, in the product's numbers.
    func expectedNumber() throws -> ExpectedNumber {
        guard let text = value(.expectedVersion) else { return .any }
        guard let number = Int64(text) else { throw malformed(.expectedVersion) }
        switch number {
        case 0...: return .number(number)
        case -1: return .noStream
        case -2: return .any
        case -4: return .streamExists
        // The product lets it pass and then fails.
        case -3: throw WireRefusal(status: 500, reason: "Internal Server Error")
        default: throw malformed(.expectedVersion)
        }
    }

    /// Checks `ES-RequireMaster` and its newer names; this node is the only one, so any value will
    /// do that is well formed.
    func checkRequiredLeader() throws {
        for header in [Header.requireMaster, .requireLeader] {
            if let text = value(header), Self.truth(text) == nil { throw malformed(header) }
        }
    }

    /// `ES-ResolveLinkTos`.
    func resolvesLinks(byDefault: Bool) throws -> Bool {
        guard let text = value(.resolveLinkTos) else { return byDefault }
        guard let truth = Self.truth(text) else { throw malformed(.resolveLinkTos) }
        return truth
    }

    /// `ES-HardDelete`.
    func deletesForEver() throws -> Bool {
        guard let text = value(.hardDelete) else { return false }
        guard let truth = Self.truth(text) else { throw malformed(.hardDelete) }
        return truth
    }

    /// `ES-LongPoll` in seconds, at least 1; cut to what is held at the most.
    func longPollSeconds(atMost limit: Int) throws -> Int? {
        guard let text = value(.longPoll) else { return nil }
        guard let seconds = Int32(text), seconds > 0 else { throw malformed(.longPoll) }
        return min(Int(seconds), limit)
    }

    private func malformed(_ header: Header) -> WireRefusal {
        .invalid("\(header.name.rawName) header in wrong format.")
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

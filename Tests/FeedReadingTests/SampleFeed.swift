import EventModel
import FeedPages
import FoundationEssentials

@testable import EventTesting

/// A small history and every document of it, as a server publishes them; tests bend them.
struct SampleFeed: Sendable {
    let store: InMemoryEventStore
    let events: [RecordedEvent]

    static let epoch = Epoch("0b6ffb5e-7a6c-4b39-9d2f-5a1c8f0e4d21") ?? .random()
    static let otherEpoch = Epoch("11111111-2222-4333-8444-555555555555") ?? .random()

    init(
        _ count: Int,
        epoch: Epoch = Self.epoch,
        data: (Int) -> Payload = { .json("{\"n\":\($0)}") }
    ) async throws {
        store = InMemoryEventStore(
            try StoreCreation(pageSize: 10, title: "Sample"),
            epoch: epoch,
            now: { Timestamp(microseconds: 1_767_225_600_000_000) }
        )
        for number in 0..<count {
            try await store.append([
                NewEvent(
                    id: .derived(from: "\(number)".utf8, in: Self.epoch.uuid),
                    stream: try StreamName("tab-\(number % 3)"),
                    type: try EventType(number % 2 == 0 ? "Opened" : "Closed"),
                    data: data(number + 1),
                    metadata: number % 4 == 0 ? .json("{\"actor\":\"ann\"}") : nil
                )
            ])
        }
        // One read ends at some megabytes.
        var events: [RecordedEvent] = []
        while events.count < count {
            let after = EventNumber(Int64(events.count))
            events += try await store.read(after: after, limit: 1_000).events
        }
        self.events = events
    }

    var identity: StoreIdentity { store.identity }
    var head: EventNumber { EventNumber(Int64(events.count)) }

    func chain(at number: EventNumber) -> ChainDigest {
        events.prefix(Int(number.rawValue)).reduce(.beginning) { $0.appending($1) }
    }

    /// The events after a number, up to and with another.
    func events(after: EventNumber, through last: EventNumber) -> [RecordedEvent] {
        Array(events[Int(after.rawValue)..<Int(last.rawValue)])
    }

    /// The body of the right answer at a target.
    func document(at target: String, isStaticCopy: Bool = false) async -> [UInt8] {
        let request = ScriptedServer.Request(method: "GET", target: target, fields: [], body: [])
        return await Publication(store: store, isStaticCopy: isStaticCopy).answer(to: request).body
    }
}

extension SampleFeed {
    static let atom = ["Content-Type: application/atom+xml"]

    /// Answers a request as a server does, but holds no answer.
    func serve(_ request: ScriptedServer.Request) async -> [ScriptedServer.Step] {
        var request = request
        request.fields.removeAll { $0.name.lowercased() == "prefer" }
        return [await Publication(store: store).answer(to: request).step]
    }

    /// Answers a request as a plain web server does that has a static copy.
    func serveCopy(_ request: ScriptedServer.Request) async -> [ScriptedServer.Step] {
        [await Publication(store: store, isStaticCopy: true).answer(to: request).step]
    }

    /// Writes the feed into a folder, as `export` does.
    func export(to path: String) async throws {
        let layout = PageLayout(pageSize: identity.pageSize)
        let epoch = identity.epoch.shortForm
        var addresses = layout.completePages(upTo: head).map { range in
            FeedAddress.page(epoch: epoch, range: range, form: .atom)
        }
        for event in events {
            for (kind, value) in [(ValueKind.data, event.data), (.metadata, event.metadata)] {
                guard let value, ValueForm(of: value) == .outOfLine else { continue }
                addresses.append(.value(epoch: epoch, kind: kind, number: event.number))
            }
        }
        for address in addresses + [.head(.atom)] {
            let url = URL(filePath: path).appending(path: address.relativePath)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            let bytes = await document(at: address.path, isStaticCopy: true)
            try Data(bytes).write(to: url, options: .atomic)
        }
    }
}

extension ScriptedServer.Step {
    /// A problem as the specification has it.
    static func problem(
        _ status: Int,
        _ name: String,
        _ detail: String,
        _ facts: String = "",
        fields: [String] = []
    ) -> ScriptedServer.Step {
        let more = facts.isEmpty ? "" : ",\(facts)"
        return .answer(
            status,
            ["Content-Type: application/problem+json"] + fields,
            text:
                "{\"type\":\"urn:eventfeed:problem:\(name)\",\"title\":\"T\",\"status\":\(status),"
                + "\"detail\":\"\(detail)\"\(more)}"
        )
    }
}

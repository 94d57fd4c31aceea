import EventModel
import EventTesting
import FeedPages
import Synchronization

/// A small history and every document of it, as a server publishes them; tests bend them.
struct SampleFeed: Sendable {
    let identity: StoreIdentity
    let events: [RecordedEvent]
    /// `c(0)`, `c(1)`, ….
    let chain: [ChainDigest]

    static let epoch = Epoch("0b6ffb5e-7a6c-4b39-9d2f-5a1c8f0e4d21") ?? .random()
    static let otherEpoch = Epoch("11111111-2222-4333-8444-555555555555") ?? .random()

    init(
        _ count: Int,
        pageSize: Int = 10,
        epoch: Epoch = Self.epoch,
        note: String = "",
        data: (Int) -> Payload = { .json("{\"n\":\($0)}") }
    ) throws {
        let created = Timestamp(microseconds: 1_767_225_600_000_000)
        identity = StoreIdentity(
            epoch: epoch,
            format: 1,
            creation: try StoreCreation(pageSize: pageSize, title: "Sample\(note)"),
            createdAt: created
        )
        var events: [RecordedEvent] = []
        var chain = [ChainDigest.beginning]
        var versions: [StreamName: StreamVersion] = [:]
        for number in 0..<count {
            let stream = try StreamName("tab-\(number % 3)")
            let version = (versions[stream] ?? .empty).next
            versions[stream] = version
            let event = RecordedEvent(
                number: EventNumber(Int64(number) + 1),
                version: version,
                recordedAt: Timestamp(microseconds: created.microseconds + Int64(number) + 1),
                event: NewEvent(
                    id: .derived(from: "\(note)\(number)".utf8, in: Self.epoch.uuid),
                    stream: stream,
                    type: try EventType(number % 2 == 0 ? "Opened" : "Closed"),
                    data: data(number + 1),
                    metadata: number % 4 == 0 ? .json("{\"actor\":\"ann\"}") : nil
                )
            )
            events.append(event)
            chain.append((chain.last ?? .beginning).appending(event))
        }
        self.events = events
        self.chain = chain
    }

    var head: EventNumber { EventNumber(Int64(events.count)) }
    var layout: PageLayout { PageLayout(pageSize: identity.pageSize) }

    func chain(at number: EventNumber) -> ChainDigest { chain[Int(number.rawValue)] }

    /// The events after a number, up to and with another.
    func events(after: EventNumber, through last: EventNumber) -> [RecordedEvent] {
        Array(events[Int(after.rawValue)..<Int(last.rawValue)])
    }

    func page(_ range: PageRange) -> [UInt8] {
        FeedDocument.page(
            range,
            of: identity,
            chainBefore: chain(at: range.after),
            chain: chain(at: range.last),
            updated: events[Int(range.last.rawValue) - 1].recordedAt
        ).render(.atom, events: events(after: range.after, through: range.last))
    }

    func headDocument(isStaticCopy: Bool = false) -> [UInt8] {
        let after = layout.headDocumentAfter(head: head)
        return FeedDocument.head(
            of: identity,
            at: Head(number: head, chain: chain(at: head), recordedAt: events.last?.recordedAt),
            chainAfter: chain(at: after),
            isStaticCopy: isStaticCopy
        ).render(.atom, events: events(after: after, through: head).reversed())
    }

    /// The answer to a query; nil where it is beyond the head.
    func answer(_ query: FeedQuery) -> [UInt8]? {
        let after = query.after ?? .beginning
        guard after <= head else { return nil }
        let limit = query.limit ?? identity.pageSize
        let wanted = events(after: after, through: head).filter {
            query.filter.matches(stream: $0.stream, type: $0.type)
        }
        let found = Array(wanted.prefix(limit))
        let scannedTo = found.count == limit ? found.last?.number ?? head : head
        let batch = EventBatch(
            epoch: identity.epoch,
            after: after,
            chainAfter: chain(at: after),
            events: found,
            scannedTo: scannedTo,
            chain: chain(at: scannedTo),
            head: head
        )
        let quietTime =
            scannedTo > .beginning
            ? events[Int(scannedTo.rawValue) - 1].recordedAt : nil
        return FeedDocument.after(query, of: identity, batch: batch, quietTime: quietTime)
            .render(.atom, events: found)
    }

    /// The bytes of a value out of line.
    func value(_ kind: ValueKind, _ number: EventNumber) -> [UInt8] {
        let event = events[Int(number.rawValue) - 1]
        return (kind == .data ? event.data.bytes : event.metadata?.bytes) ?? []
    }
}

extension SampleFeed {
    static let atom = ["Content-Type: application/atom+xml"]

    /// Answers a request as a correct server does, as far as these tests ask for it.
    func serve(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
        guard let body = document(for: request.target, answersQueries: true) else {
            return [.problem(404, "not-found", "Nothing is here")]
        }
        guard let body else {
            let after = Int(request.target.drop { $0 != "=" }.dropFirst().prefix { $0 != "&" }) ?? 0
            return [
                .problem(
                    404,
                    "after-head",
                    "beyond",
                    "\"after\":\(after),\"head\":\(head),\"epoch\":\"\(identity.epoch)\""
                )
            ]
        }
        return [tagged(body, request, fields: Self.atom)]
    }

    /// Answers a request as a plain web server does that has a static copy.
    func serveCopy(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
        guard case .some(.some(let body)) = document(for: request.target, answersQueries: false)
        else { return [.answer(404, ["Content-Type: text/html"], text: "<html>404")] }
        return [tagged(body, request, fields: Self.atom)]
    }

    func tagged(
        _ body: [UInt8],
        _ request: ScriptedServer.Request,
        fields: [String]
    ) -> ScriptedServer.Step {
        let tag = EntityTag(of: body).description
        guard request["if-none-match"] != tag else { return .answer(304, ["ETag: \(tag)"]) }
        return .answer(200, fields + ["ETag: \(tag)"], body)
    }

    /// The document at a target: outer nil where there is nothing, inner where it is beyond the
    /// head.
    private func document(for target: String, answersQueries: Bool) -> [UInt8]?? {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        // Whatever is no address is no document.
        guard let address = try? FeedAddress.parse(path: parts[0]) else { return .none }
        switch address {
        case .head:
            guard parts.count == 2, answersQueries, let query = try? FeedQuery.parse(parts[1])
            else {
                return .some(headDocument(isStaticCopy: !answersQueries))
            }
            return .some(answer(query))
        case .page(identity.epoch.shortForm, let range, .atom):
            guard layout.isPage(range), range.last <= head else { return .none }
            return .some(page(range))
        case .value(identity.epoch.shortForm, let kind, let number):
            return .some(value(kind, number))
        default:
            return .none
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

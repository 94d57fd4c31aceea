import EventModel
import FeedPages
import HTTPTypes
import Subscriptions

/// A store as its documents, rendered as a server renders them.
///
/// It knows what whoever follows a feed in Atom asks for: the head document, complete pages,
/// `after` documents, values out of line; and the problems of these addresses.
struct Publication: Sendable {
    let store: any EventStore
    /// Whether queries are ignored, as a plain web server does that has an export.
    var isStaticCopy = false
    /// The event from which on the history is another one, in a publication that is a fork.
    var forkedAt: EventNumber?

    private var identity: StoreIdentity { store.identity }
    private var layout: PageLayout { PageLayout(pageSize: identity.pageSize) }

    /// Answers a request.
    func answer(to request: ScriptedServer.Request) async -> FeedAnswer {
        do {
            var answer = try await found(request)
            if request.method == "HEAD" {
                answer["Content-Length"] = String(answer.body.count)
                answer.body = []
            }
            return answer
        } catch {
            return problem(error)
        }
    }

    private func found(_ request: ScriptedServer.Request) async throws -> FeedAnswer {
        let (address, query) = try FeedAddress.reading(target: request.target)
        switch address {
        case .head(let form):
            guard !isStaticCopy else {
                guard let form else { throw Self.nothingHere }
                return try await head(form, isNegotiated: false, request)
            }
            let asked = try FeedQuery.parse(query)
            guard asked.since == nil else { throw Self.nothingHere }
            let isNegotiated = form == nil
            return asked.isEmpty
                ? try await head(form ?? .atom, isNegotiated: isNegotiated, request)
                : try await after(asked, form ?? .atom, isNegotiated: isNegotiated, request)
        case .page(let epoch, let range, let form):
            try await checkEpoch(epoch)
            return try await page(range, form, request)
        case .value(let epoch, let kind, let number):
            try await checkEpoch(epoch)
            return try await value(kind, of: number, request)
        case .unknown(let epoch):
            try await checkEpoch(epoch)
            throw Self.nothingHere
        default:
            throw Self.nothingHere
        }
    }

    // MARK: - Documents

    private func head(_ form: FeedForm, isNegotiated: Bool, _ request: ScriptedServer.Request)
        async throws -> FeedAnswer
    {
        let end = try await store.head()
        let after = layout.headDocumentAfter(head: end.number)
        let events = try await events(after: after, through: end.number)
        let document = FeedDocument.head(
            of: identity,
            at: Head(
                number: end.number,
                chain: try await chain(at: end.number),
                recordedAt: end.recordedAt
            ),
            chainAfter: try await chain(at: after),
            isStaticCopy: isStaticCopy
        )
        var fields: HTTPFields = [
            .cacheControl: "no-cache",
            .vary: isNegotiated ? "Accept, Accept-Encoding" : "Accept-Encoding",
        ]
        if isNegotiated { fields[.contentLocation] = FeedAddress.head(form).path }
        return answer(document, form, events.reversed(), fields, request)
    }

    private func page(_ range: PageRange, _ form: FeedForm, _ request: ScriptedServer.Request)
        async throws -> FeedAnswer
    {
        let head = try await store.head().number
        let isPage = layout.isPage(range)
        guard isPage, range.last <= head else {
            guard isPage, range.after <= head, !isStaticCopy else {
                throw noSuchPage(range, head: head)
            }
            let fields: HTTPFields = [
                .location: "../../feed.\(form)?after=\(range.after)", .cacheControl: "no-store",
                .vary: "Accept-Encoding", .xContentTypeOptions: "nosniff",
            ]
            return FeedAnswer(307, fields)
        }
        let events = try await events(after: range.after, through: range.last)
        let document = FeedDocument.page(
            range,
            of: identity,
            chainBefore: try await chain(at: range.after),
            chain: try await chain(at: range.last),
            updated: events.last?.recordedAt ?? identity.createdAt
        )
        return answer(document, form, events, Self.immutable, request)
    }

    private func after(
        _ query: FeedQuery,
        _ form: FeedForm,
        isNegotiated: Bool,
        _ request: ScriptedServer.Request
    ) async throws -> FeedAnswer {
        let preferred = query.wait == nil ? Self.preferredWait(request) : nil
        let wait = query.wait ?? preferred
        var batch = try await read(query, wait: wait)
        var renderer = FeedRenderer(form, at: .root, epoch: identity.epoch)
        for (index, event) in batch.events.enumerated()
        where !renderer.append(event, within: WireLimits.standard.answerBytes) {
            var cut = query
            cut.limit = index
            batch = try await read(cut, wait: nil)
            break
        }
        var quietTime: Timestamp?
        if batch.events.isEmpty, batch.scannedTo > .beginning {
            quietTime = try await store.event(batch.scannedTo)?.recordedAt
        }
        let document = FeedDocument.after(
            query,
            of: identity,
            batch: batch,
            quietTime: quietTime
        )
        var fields: HTTPFields = [
            .cacheControl: wait == nil ? "no-cache" : "no-store",
            .vary: (isNegotiated ? "Accept, Accept-Encoding" : "Accept-Encoding") + ", Prefer",
        ]
        if isNegotiated {
            fields[.contentLocation] = "\(FeedAddress.head(form).path)?\(query.canonical)"
        }
        fields[.preferenceApplied] = preferred.map { "wait=\($0)" }
        return answer(document, form, batch.events, fields, request)
    }

    private func value(
        _ kind: ValueKind,
        of number: EventNumber,
        _ request: ScriptedServer.Request
    ) async throws -> FeedAnswer {
        guard let event = try await events(after: number.before, through: number).first,
            let value = kind == .data ? event.data : event.metadata,
            ValueForm(of: value) == .outOfLine
        else {
            throw ProblemDetails(
                .notFound,
                "No such value is out of line: see /events/\(number)/\(kind.rawValue)."
            )
        }
        let fields: HTTPFields = [
            .contentType: value.mediaType.text, .contentSecurityPolicy: "sandbox",
        ]
        return tagged(value.bytes, fields, Self.immutable, request)
    }

    private func answer(
        _ document: FeedDocument,
        _ form: FeedForm,
        _ events: [RecordedEvent],
        _ policy: HTTPFields,
        _ request: ScriptedServer.Request
    ) -> FeedAnswer {
        var fields = document.facts.fields
        fields[.contentType] = form.feedMediaType
        let links = document.links(form).fieldValue
        if !links.isEmpty { fields[.link] = links }
        return tagged(document.render(form, events: events), fields, policy, request)
    }

    /// The answer with the body's entity tag, or 304 where the request has it.
    private func tagged(
        _ body: [UInt8],
        _ fields: HTTPFields,
        _ policy: HTTPFields,
        _ request: ScriptedServer.Request
    ) -> FeedAnswer {
        let tag = EntityTag(of: body)
        var policy = policy
        policy[.eTag] = tag.description
        policy[.xContentTypeOptions] = "nosniff"
        if let condition = request["If-None-Match"],
            EntityTagCondition(condition)?.namesWeakly(tag) == true
        {
            return FeedAnswer(304, policy)
        }
        return FeedAnswer(200, HTTPFields(Array(fields) + Array(policy)), body)
    }

    private static let immutable: HTTPFields = [
        .cacheControl: "public, max-age=31536000, immutable", .vary: "Accept-Encoding",
    ]

    /// The seconds of `Prefer: wait=`, at most a minute.
    private static func preferredWait(_ request: ScriptedServer.Request) -> Int? {
        guard let field = request["Prefer"], field.hasPrefix("wait=") else { return nil }
        return Int(field.dropFirst(5)).map { min(max(0, $0), WireLimits.standard.waitSeconds) }
    }
}

// What is read from the store, where it is a fork with other events.
extension Publication {
    /// The chain at a number.
    private func chain(at number: EventNumber) async throws -> ChainDigest {
        guard let forkedAt, number >= forkedAt else {
            return try await store.read(after: number, limit: 1).chainAfter
        }
        let start = forkedAt.before
        let chain = try await store.read(after: start, limit: 1).chainAfter
        return try await events(after: start, through: number).reduce(chain) { $0.appending($1) }
    }

    /// Consecutive events, in as many reads as it takes.
    private func events(after: EventNumber, through last: EventNumber) async throws
        -> [RecordedEvent]
    {
        var events: [RecordedEvent] = []
        var place = after
        while place < last {
            let count = Int(clamping: last.rawValue - place.rawValue)
            let batch = try await store.read(after: place, limit: count)
            guard batch.scannedTo > place else { break }
            events += batch.events.map(asPublished)
            place = batch.scannedTo
        }
        return events
    }

    /// What comes after a number, held while there is nothing.
    private func read(_ query: FeedQuery, wait: Int?) async throws -> EventBatch {
        let batch: EventBatch
        do {
            batch = try await StoreSource(store, address: "store").events(
                after: query.after ?? .beginning,
                limit: query.limit ?? identity.pageSize,
                matching: query.filter,
                waitingUpTo: wait.map { .seconds($0) }
            )
        } catch let error as SourceError {
            throw error.cause ?? error
        }
        guard forkedAt != nil else { return batch }
        return EventBatch(
            epoch: batch.epoch,
            after: batch.after,
            chainAfter: try await chain(at: batch.after),
            events: batch.events.map(asPublished),
            scannedTo: batch.scannedTo,
            chain: try await chain(at: batch.scannedTo),
            head: batch.head
        )
    }

    /// The event as this publication has it.
    private func asPublished(_ event: RecordedEvent) -> RecordedEvent {
        guard event.number == forkedAt else { return event }
        return RecordedEvent(
            number: event.number,
            version: event.version,
            recordedAt: event.recordedAt,
            event: NewEvent(
                id: event.id,
                stream: event.stream,
                type: event.type,
                data: .json("{\"forked\":true}"),
                metadata: event.metadata
            )
        )
    }
}

extension EventNumber {
    /// The number before; that of the beginning is the beginning.
    fileprivate var before: EventNumber { EventNumber(max(0, rawValue - 1)) }
}

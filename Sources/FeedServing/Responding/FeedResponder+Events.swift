import EventModel
import FeedPages
import HTTPTypes

/// Single events.
extension FeedResponder {
    /// Answers `/events/42`, `/events/42.atom`, `/events/42.json`.
    func event(_ number: EventNumber, _ fixed: FeedForm?, _ request: FeedRequest) async throws
        -> FeedResponse
    {
        let document = try await document(of: number)
        let (form, vary) = try form(fixed, request, .entry)
        let delivery = Delivery(
            policy: CachePolicy.revalidate,
            vary: vary,
            contentLocation: fixed == nil ? FeedAddress.event(number, form).path : nil
        )
        return try await deliver(nil, delivery, for: request) {
            Self.render(document, form)
        }
    }

    /// Answers `/events/42/data` and `/events/42/metadata`.
    func eventValue(_ number: EventNumber, _ kind: ValueKind, _ request: FeedRequest) async throws
        -> FeedResponse
    {
        guard let event = try await store.event(number) else { throw try await missing(number) }
        guard let value = kind == .data ? event.data : event.metadata else {
            throw ProblemDetails(
                .noMetadata,
                "Event \(number) has no metadata.",
                facts: ["number": .number(number.rawValue)]
            )
        }
        let delivery = Delivery(policy: CachePolicy.revalidate, vary: Vary.fixed)
        return try await deliver(.value(kind, number), delivery, for: request) {
            Self.bare(value)
        }
    }

    /// The document of one event, which must be there.
    func document(of number: EventNumber) async throws -> EventDocument {
        guard number > .beginning, number <= (try await store.head().number) else {
            throw try await missing(number)
        }
        let batch = try await store.read(
            after: EventNumber(number.rawValue - 1),
            limit: ReadLimit(events: 1),
            matching: .everything
        )
        guard let event = batch.events.first else { throw try await missing(number) }
        return EventDocument(
            event,
            of: identity,
            chainAfter: batch.chainAfter,
            chain: batch.chain
        )
    }

    /// Renders the document of one event with its fields.
    static func render(_ document: EventDocument, _ form: FeedForm) -> RenderedDocument {
        var fields = document.facts.fields
        fields[.contentType] = form.entryMediaType
        fields[.link] = document.links(form).fieldValue
        return RenderedDocument(document.render(form), fields: fields)
    }

    private func missing(_ number: EventNumber) async throws -> ProblemDetails {
        let head = try await store.head().number
        return ProblemDetails(
            .noSuchEvent,
            "There is no event \(number); numbers go from 1 to the head, \(head).",
            facts: [
                "number": .number(number.rawValue), "head": .number(head.rawValue),
                "epoch": .text(identity.epoch.description),
            ]
        )
    }
}

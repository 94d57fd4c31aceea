import EventModel
import FeedPages
import HTTPTypes
import NIOCore

/// What stands under `/feed/{e}/` and never changes, and the ways there.
extension FeedResponder {
    /// What there is at the numbers of a page's address.
    private enum PageState {
        case complete
        /// It is the page that is being filled.
        case filling
    }

    /// Answers `/feed/{e}/101-200.atom`.
    func page(_ epoch: String, _ range: PageRange, _ form: FeedForm, _ request: FeedRequest)
        async throws -> FeedResponse
    {
        try await checkEpoch(epoch)
        guard try await state(of: range) == .complete else {
            let location = "../../feed.\(form)?after=\(range.after)"
            return Self.redirect(to: location, CachePolicy.never, vary: Vary.fixed)
        }
        let delivery = Delivery(policy: CachePolicy.immutable, vary: Vary.fixed)
        return try await deliver(.page(range, form), delivery, for: request) {
            try await renderPage(range, form)
        }
    }

    /// Answers `/feed/101-200`.
    func plainPage(_ range: PageRange, _ request: FeedRequest) async throws -> FeedResponse {
        let state = try await state(of: range)
        let (form, vary) = try form(nil, request, .feed)
        switch state {
        case .complete:
            let page = FeedAddress.page(epoch: identity.epoch.shortForm, range: range, form: form)
            return Self.redirect(to: page.path, CachePolicy.revalidate, vary: vary)
        case .filling:
            let location = "\(FeedAddress.head(form).path)?after=\(range.after)"
            return Self.redirect(to: location, CachePolicy.never, vary: vary)
        }
    }

    /// Answers `/feed/{e}/data/137` and `/feed/{e}/metadata/137`.
    func pageValue(
        _ epoch: String,
        _ kind: ValueKind,
        _ number: EventNumber,
        _ request: FeedRequest
    ) async throws -> FeedResponse {
        try await checkEpoch(epoch)
        guard let event = try await store.event(number),
            let value = kind == .data ? event.data : event.metadata,
            ValueForm(of: value) == .outOfLine
        else {
            throw ProblemDetails(
                .notFound,
                "No such value is out of line: see /events/\(number)/\(kind.rawValue)."
            )
        }
        let delivery = Delivery(policy: CachePolicy.immutable, vary: Vary.fixed)
        return try await deliver(.value(kind, number), delivery, for: request) {
            Self.bare(value)
        }
    }

    /// A value on its own, so that no browser takes it for a page of ours.
    static func bare(_ value: Payload) -> RenderedDocument {
        RenderedDocument(
            value.bytes,
            fields: [
                .contentType: value.mediaType.text,
                .contentSecurityPolicy: "sandbox",
            ]
        )
    }

    /// Refuses an address of another history.
    func checkEpoch(_ given: String) async throws {
        guard given != identity.epoch.shortForm else { return }
        let head = try await store.head().number
        throw ProblemDetails(
            .anotherEpoch,
            "\(given) is another history than the one served here, \(identity.epoch).",
            facts: [
                "given": .text(given), "epoch": .text(identity.epoch.description),
                "head": .number(head.rawValue),
            ]
        )
    }

    /// Looks whether numbers are a page and how far it is filled.
    private func state(of range: PageRange) async throws -> PageState {
        let head = try await store.head().number
        let isPage = layout.isPage(range)
        if isPage, range.last <= head { return .complete }
        if isPage, range.after <= head { return .filling }
        let holder = layout.page(containing: range.first)
        let detail =
            isPage
            ? "The page \(range) is beyond the head, \(head)."
            : "\(range) is not a page; "
                + (holder.map { "the page that holds \(range.first) is \($0)." }
                    ?? "numbers begin with 1.")
        throw ProblemDetails(
            .noSuchPage,
            detail,
            facts: [
                "epoch": .text(identity.epoch.description), "head": .number(head.rawValue),
                "pageFirst": holder.map { .number($0.first.rawValue) },
                "pageLast": holder.map { .number($0.last.rawValue) },
                "page": holder.map { .text(FeedAddress.plainPage($0).path) },
            ]
        )
    }

    /// Renders a complete page, with no more in memory than one read returns.
    private func renderPage(_ range: PageRange, _ form: FeedForm) async throws -> RenderedDocument {
        var renderer = FeedRenderer(form, at: .pages, epoch: identity.epoch)
        var chainBefore: ChainDigest?
        var chain = ChainDigest.beginning
        var updated = identity.createdAt
        var walk = HistoryWalk(store, after: range.after, through: range.last)
        while let batch = try await walk.next() {
            for event in batch.events { renderer.append(event) }
            chainBefore = chainBefore ?? batch.chainAfter
            chain = batch.chain
            updated = batch.events.last?.recordedAt ?? updated
        }
        let document = FeedDocument.page(
            range,
            of: identity,
            chainBefore: chainBefore ?? .beginning,
            chain: chain,
            updated: updated
        )
        return Self.finish(renderer, document)
    }
}

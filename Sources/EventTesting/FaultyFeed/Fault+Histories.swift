public import EventModel
import FeedPages
import Subscriptions

// Documents that are right by themselves, and belong to another history or another question.
extension Fault {
    /// The document belongs to another epoch.
    public static let anotherEpoch = Fault(
        "a document of another epoch",
        reporting: .anotherEpoch,
        at: .documents
    ) { occurrence in
        let epoch = occurrence.publication.store.identity.epoch.description
        var answer = occurrence.answer
        answer.text = answer.text.replacing(epoch, with: otherEpoch)
        return [answer.step]
    }

    /// The document belongs to a history that is another one from an event on, sound in itself: a
    /// reader that has applied the event sees that the chain does not fit.
    ///
    /// One that has not takes it, since nothing shows it yet.
    ///
    /// - Parameter number: The event whose data is another.
    /// - Returns: The fault.
    public static func fork(at number: EventNumber) -> Fault {
        Fault("a fork at event \(number)", reporting: .chainMismatch, at: .deliveries) {
            var publication = $0.publication
            publication.forkedAt = number
            return [
                await publication.answer(to: $0.request.unconditional(at: $0.request.target)).step
            ]
        }
    }

    /// The server lags: it says that its history ends before what was asked for.
    public static let lag = Fault(
        "a server that lags",
        reporting: .afterHead,
        at: [.after]
    ) { occurrence in
        [Publication.answer(afterHead(occurrence, epoch: nil)).step]
    }

    private static let otherEpoch = "11111111-2222-4333-8444-555555555555"

    private static func afterHead(_ occurrence: Occurrence, epoch: String?) -> ProblemDetails {
        let query = occurrence.request.target.drop { $0 != "?" }.dropFirst()
        // What cannot be read asks from the beginning.
        let after = (try? FeedQuery.parse(String(query)))?.after ?? .beginning
        let real = occurrence.publication.store.identity.epoch.description
        return ProblemDetails(
            .afterHead,
            "beyond",
            facts: [
                "after": .number(after.rawValue), "head": .number(max(0, after.rawValue - 1)),
                "epoch": .text(epoch ?? real),
            ]
        )
    }

    private static func problem(
        _ name: String,
        _ code: SourceError.Code,
        _ kind: ProblemKind,
        epoch: String?
    ) -> Fault {
        Fault(name, reporting: code, at: [.page]) { occurrence in
            let real = occurrence.publication.store.identity.epoch.description
            let facts: KeyValuePairs<String, ProblemDetails.Fact?> = [
                "epoch": .text(epoch ?? real), "head": .number(1),
            ]
            return [Publication.answer(ProblemDetails(kind, "no", facts: facts)).step]
        }
    }

    /// The right document of another target.
    private static func exchanged(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place>,
        _ target: @escaping @Sendable (Publication) -> String
    ) -> Fault {
        Fault(name, reporting: code, at: places) {
            [await $0.answer(at: target($0.publication)).step]
        }
    }

    private static func pageTarget(_ publication: Publication, _ place: Int64) -> String {
        let identity = publication.store.identity
        let size = Int64(identity.pageSize)
        let range = PageRange(
            first: EventNumber((place - 1) * size + 1),
            last: EventNumber(place * size)
        )
        return FeedAddress.page(epoch: identity.epoch.shortForm, range: range, form: .atom).path
    }

    /// Other epochs, forks, lag, and documents that answer another question.
    public static let histories: [Fault] = [
        anotherEpoch,
        lag,
        Fault("a fork", reporting: .chainMismatch, at: [.after]) { occurrence in
            try await fork(at: EventNumber(1)).bend(occurrence)
        },
        Fault("beyond the head of another epoch", reporting: .anotherEpoch, at: [.after]) {
            [Publication.answer(afterHead($0, epoch: otherEpoch)).step]
        },
        problem("a page of another epoch", .anotherEpoch, .anotherEpoch, epoch: otherEpoch),
        problem("a page beyond the head", .headWentBack, .noSuchPage, epoch: nil),
        exchanged("another page", .malformedDocument, at: [.page]) { pageTarget($0, 2) },
        exchanged("a page for something else", .malformedDocument, at: [.head, .after]) {
            pageTarget($0, 1)
        }.reporting(.notAnEventFeed, at: .head),
        exchanged("the head document for a page", .malformedDocument, at: [.page]) { _ in "/feed" },
        // That is what a plain web server does which ignores the query.
        exchanged("the head document for an answer", nil, at: [.after]) { _ in "/feed" },
        exchanged("an answer for something else", .malformedDocument, at: [.head, .page]) { _ in
            "/feed.atom?after=3&limit=2"
        }.reporting(.notAnEventFeed, at: .head),
        document("another page size", .malformedDocument, at: .deliveries) { text in
            text.replacing(/\ page-size="([^"]*)"/) { " page-size=\"\((Int($0.1) ?? 0) * 2)\"" }
        },
    ]
}

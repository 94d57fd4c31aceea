import EventModel
import FeedPages
import HTTPTypes
import Logging
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `When the store is in trouble` {
    private struct Secret: Error {
        let password = "hunter2"
    }

    private func responder(_ error: any Error) -> FeedResponder {
        FeedResponder(
            store: TroubledStore(error: error),
            configuration: FeedServerConfiguration(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test(
        arguments: [
            (EventStoreError.Code.storageFull, 507, ProblemKind.storageFull, nil),
            (.unavailable, 503, .overloaded, "1"), (.closed, 503, .shuttingDown, "5"),
            (.io, 503, .unavailable, "5"), (.readOnly, 503, .unavailable, "5"),
            (.corrupt, 500, .internal, nil),
        ] as [(EventStoreError.Code, Int, ProblemKind, String?)]
    )
    func `every answer says whether to try again`(
        code: EventStoreError.Code,
        status: Int,
        problem: ProblemKind,
        retryAfter: String?
    ) async throws {
        let responder = responder(EventStoreError(code, "trouble", cause: Secret()))
        for request in [
            FeedRequest("GET", "/feed"), FeedRequest("GET", "/events/1"),
            FeedRequest(
                "POST",
                "/feed/streams/a",
                fields: [.contentType: "a/b", .eventType: "T"]
            ),
        ] {
            let response = await responder.respond(
                to: request,
                body: ReadyBody([[1]]),
                inputClosed: Latch()
            )
            #expect(response.status == status)
            #expect(response.problem == problem)
            #expect(response.fields[.retryAfter] == retryAfter)
            #expect(response.fields[.cacheControl] == "no-store")
            #expect(!response.text.contains("hunter2"))
        }
    }

    @Test func `an unforeseen error tells nothing but an id`() async throws {
        let response = await responder(Secret()).respond(
            to: FeedRequest("GET", "/feed"),
            body: ReadyBody([]),
            inputClosed: Latch()
        )
        #expect(response.status == 500)
        #expect(response.problem == .internal)
        #expect(!response.text.contains("Secret"))
        #expect(!response.text.contains("hunter2"))
        guard case .text(let id) = response.fact("request") else {
            Issue.record("there is no id")
            return
        }
        #expect(id.count == 36)
    }
}

/// A store that fails whatever is asked of it.
private struct TroubledStore: EventStore {
    let error: any Error
    let inner = InMemoryEventStore()

    var identity: StoreIdentity { inner.identity }
    var limits: Limits { inner.limits }

    func append(_ batch: AppendBatch) async throws -> AppendResult { throw error }

    func head() async throws -> Head { throw error }

    func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter) async throws
        -> EventBatch
    {
        throw error
    }

    func readStream(_ stream: StreamName, _ range: StreamRange, limit: ReadLimit) async throws
        -> StreamSlice
    {
        throw error
    }

    func streamState(_ stream: StreamName) async throws -> StreamState { throw error }

    func event(_ number: EventNumber) async throws -> RecordedEvent? { throw error }

    func lastNumber(recordedBefore instant: Timestamp) async throws -> EventNumber { throw error }

    func waitForHead(beyond number: EventNumber) async throws -> Head { throw error }
}

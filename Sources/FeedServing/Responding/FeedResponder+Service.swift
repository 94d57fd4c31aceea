import FeedPages
import HTTPTypes
import NIOCore

/// What the server says about itself.
extension FeedResponder {
    /// Answers `/`.
    func service(_ request: FeedRequest) async throws -> FeedResponse {
        let delivery = Delivery(policy: CachePolicy.revalidate, vary: Vary.fixed)
        return try await deliver(.service, delivery, for: request) {
            RenderedDocument(
                ServiceDocument(identity: identity, limits: wire).render(),
                fields: [.contentType: ServiceDocument.mediaType]
            )
        }
    }

    /// Answers `/categories`.
    func categories(_ request: FeedRequest) async throws -> FeedResponse {
        let delivery = Delivery(policy: CachePolicy.revalidate, vary: Vary.fixed)
        return try await deliver(.categories, delivery, for: request) {
            RenderedDocument(
                CategoryDocument.render(),
                fields: [.contentType: CategoryDocument.mediaType]
            )
        }
    }

    /// Answers `/readyz`.
    func readiness() async -> FeedResponse {
        let readiness = await configuration.readiness()
        let isReady = readiness.isReady && !stopping.isOpen
        var members = [
            "\"status\":\"\(isReady ? "ready" : "unready")\"",
            "\"store\":\"\(readiness.isStoreOpen ? "open" : "closed")\"",
        ]
        if let free = readiness.diskFree { members.append("\"diskFree\":\(free)") }
        if let reserve = readiness.diskReserve { members.append("\"diskReserve\":\(reserve)") }
        members.append("\"recordedAheadMicroseconds\":\(readiness.recordedAheadMicroseconds)")
        return Self.json("{\(members.joined(separator: ","))}\n", status: isReady ? 200 : 503)
    }
}

@testable import FeedServing

/// Answers as a test says.
struct ScriptedAnswers: RequestResponder {
    let stopping = Latch()
    private let answer: @Sendable (FeedRequest) -> FeedResponse

    init(_ answer: @escaping @Sendable (FeedRequest) -> FeedResponse) {
        self.answer = answer
    }

    /// Answers `/0`, `/1`, … with what stands there in a list.
    init(_ answers: FeedResponse...) {
        answer = { request in
            guard let index = Int(request.path.dropFirst()), answers.indices.contains(index) else {
                return FeedResponse(404)
            }
            return answers[index]
        }
    }

    func respond(to request: FeedRequest, body: any RequestBody, inputClosed: Latch) async
        -> FeedResponse
    { answer(request) }

    func respond(to refusal: Refusal) -> FeedResponse { FeedResponse(400) }
}

@testable import FeedServing

/// Answers `/0`, `/1`, … with what stands there in a list.
struct ScriptedAnswers: RequestResponder {
    let stopping = Latch()
    let answers: [FeedResponse]

    init(_ answers: FeedResponse...) {
        self.answers = answers
    }

    func respond(to request: FeedRequest, body: any RequestBody, inputClosed: Latch) async
        -> FeedResponse
    {
        guard let index = Int(request.path.dropFirst()), answers.indices.contains(index) else {
            return FeedResponse(404)
        }
        return answers[index]
    }

    func respond(to refusal: Refusal) -> FeedResponse { FeedResponse(400) }
}

/// What a connection asks for the answers to its requests.
protocol RequestResponder: Sendable {
    /// Opened when the server begins to stop.
    var stopping: Latch { get }

    /// Answers a request; whatever goes wrong becomes an answer, too.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - body: Its body, which may be left unread.
    ///   - inputClosed: Opened when the client will send no more, so that nothing is held for it.
    /// - Returns: The answer; for HEAD that of GET.
    func respond(to request: FeedRequest, body: any RequestBody, inputClosed: Latch) async
        -> FeedResponse

    /// Answers what was refused before it became a request.
    ///
    /// - Parameter refusal: Why it was refused.
    /// - Returns: The answer, after which the connection must close.
    func respond(to refusal: Refusal) -> FeedResponse
}

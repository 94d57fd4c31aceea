import FeedPages
import FeedReading
import FoundationEssentials
import Logging

/// Asks a server's `/readyz`.
enum Readyz {
    /// What a server says about itself.
    struct Answer: Equatable {
        let isReady: Bool
        /// How far its newest event was recorded ahead of its clock; nil where it does not say.
        let lead: Duration?
    }

    /// The members that count here.
    private struct Members: Decodable {
        let recordedAheadMicroseconds: Int64?
    }

    /// Asks.
    ///
    /// - Parameters:
    ///   - url: The server, or its feed.
    ///   - patience: How long to wait.
    ///   - transport: How the connection is made, and who asks.
    /// - Returns: What it says; nil where nobody answers that question.
    static func ask(
        _ url: URL,
        within patience: Duration,
        _ transport: AsyncHTTPTransport.Settings
    ) async -> Answer? {
        // Lost: that it is a folder, which answers nothing.
        guard let root = try? ServerRoot.of(.web(url)) else { return nil }
        let address = root.appending(path: FeedAddress.readiness.relativePath)
        // Lost: why there was no answer. The feed itself has answered before.
        return try? await AsyncHTTPTransport.withTransport(
            settings: transport,
            logger: .command("status", level: .critical)
        ) { transport -> Answer? in
            let conversation = WebConversation(over: transport)
            let answer = try await conversation.ask(
                WebConversation.Question(address, bodyLimit: 64 << 10, deadline: patience)
            )
            guard answer.status == 200 || answer.status == 503 else { return nil }
            // Another server than ours may answer here with anything.
            let members = try? JSONDecoder().decode(Members.self, from: Data(answer.body))
            return Answer(
                isReady: answer.status == 200,
                lead: members?.recordedAheadMicroseconds.map { .microseconds($0) }
            )
        }
    }
}

import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `README.md` {
    /// The root of the repository.
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func `and the pages of docs have commands that all work, in order`() async throws {
        try await TemporaryFolder.with { folder in
            // Each page goes on where the one before ends.
            let pages = try ["README.md", "docs/read-models.md", "docs/event-store.md"].map {
                try String(contentsOf: Self.root.appending(path: $0), encoding: .utf8)
            }
            // The port of the text may be in use here.
            let port = Int.random(in: 20_000...30_000)
            let commands = pages.flatMap(blocks(of:)).joined(separator: "\n")
                .replacing("127.0.0.1:2113", with: "127.0.0.1:\(port)")
            let script = """
                set -e
                cd \(folder.url.path(percentEncoded: false))
                PATH="\(Command.binaries.path(percentEncoded: false)):$PATH"
                trap 'kill $server' EXIT
                \(commands.replacing("\(port) &", with: "\(port) & server=$!"))
                """

            let child = try Child.start(["-c", script], program: "/bin/sh")
            let outcome = try await child.outcome()

            #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.error)")
            for wanted in [
                "{\"first\":1,\"last\":1,\"versions\":{\"tab-1\":1}",
                "urn:eventfeed:problem:version-conflict",
                "{\"first\":3,\"last\":4,\"versions\":{\"tab-2\":1,\"tab-1\":3}",
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"",
                "1|tab-1|TabOpened|4",
                "lag in time  none",
                "all sound, in ",
                "rows the same",
                "is now", "tab-1|4|2", "tab-1|2\ntab-2|0", "handles \"TabOpened\"", "requests",
                "1 discarded", "\"streamId\": \"orders-1\"", "404\n", "$metadata",
            ] {
                #expect(outcome.output.contains(wanted), "\(wanted)\n\(outcome.output)")
            }
        }
    }

    /// The blocks that are marked as `sh`.
    private func blocks(of markdown: String) -> [String] {
        markdown.components(separatedBy: "```sh\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
    }
}

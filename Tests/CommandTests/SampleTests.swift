import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `The sample git-history` {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "samples/git-history")

    private static let log = [
        "\u{1}a1\u{2}\u{2}2024-01-01T10:00:00+01:00\u{2}Begin, by ann@example.org\u{3}\n",
        "A\0README.md\0A\0a \"b\".txt\0\0",
        "\u{1}b2\u{2}a1\u{2}2024-01-02T10:00:00+01:00\u{2}Change\u{3}\n",
        "M\0README.md\0D\0a \"b\".txt\0",
    ].joined()

    @Test func `makes the same events of the same log, without people`() async throws {
        let program = Command.path("git-history")

        let first = try await Child.start(["tea"], program: program, input: Self.log).outcome()
        let second = try await Child.start(["tea"], program: program, input: Self.log).outcome()

        #expect(first.status == 0, "\(first.error)")
        #expect(first.output == second.output)
        let lines = first.output.split(separator: "\n")
        let types = ["FileAdded", "FileAdded", "CommitRecorded"]
        #expect(lines.count == 6)
        for (line, type) in zip(lines, types) { #expect(line.contains("\"type\":\"\(type)\"")) }
        #expect(lines[1].contains(#""stream":"file-tea/a \"b\".txt""#))
        #expect(lines[2].contains(#""subject":"Begin, by …""#))
        #expect(lines[4].contains("FileRemoved"))
        #expect(!first.output.contains("@"))
    }

    @Test func `has a bundled history that can be loaded twice`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let history = Self.folder.appending(path: "history.ndjson")
                    .path(percentEncoded: false)

                let first = try await Command.run("append", server.url, "--ndjson", history)
                let second = try await Command.run("append", server.url, "--ndjson", history)

                #expect(first.error.contains("401 events recorded"), "\(first.error)")
                #expect(second.error.contains("0 events recorded, 401 were"), "\(second.error)")
            }
        }
    }

    @Test func `runs from nothing to a read model, and ends without leaving anything behind`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            let script = Self.folder.appending(path: "run.sh").path(percentEncoded: false)
            let run = try Child.start(
                [script, Command.binaries.path(percentEncoded: false), folder.path("nowhere")],
                program: "/bin/sh",
                environment: ["LISTEN": "127.0.0.1:0", "RUN_FOLDER": folder.path("run")]
            )
            defer { run.send(SIGKILL) }
            let output = try await run.output { $0.contains("until Ctrl-C") || !run.isRunning }
            #expect(output.contains("README.md"), "\(output)\(run.error)")
            #expect(output.contains("checkpoint   401"), "\(output)\(run.error)")

            run.send(SIGTERM)

            #expect(try await run.outcome().status == 0)
            // The locks are free: neither server nor subscriber runs any more.
            let store = try await Command.run("new-epoch", folder.path("run/store.db"))
            #expect(store.status == 0, "\(store.error)")
            let model = try await Command.run("status", folder.path("run/copy.db"))
            #expect(model.output.contains("does not run"))
        }
    }
}

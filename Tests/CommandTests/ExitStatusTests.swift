import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Exit statuses` {
    /// Arguments, separated by spaces, and the status that they end with.
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: String
        let status: Int32

        init(_ arguments: String, _ status: Int32) {
            self.arguments = arguments
            self.status = status
        }

        var testDescription: String { arguments }
    }

    /// Nobody listens at port 1.
    private static let cases: [Case] = [
        Case("bogus", 64),
        Case("serve", 64),
        Case("serve --data x.db --page-size many", 64),
        Case("serve --data x.db --page-size 9", 64),
        Case("serve --data x.db --listen nowhere", 64),
        Case("serve --data x.db --log-format xml", 64),
        Case("serve --config /nonexistent/eventfeed.json", 66),
        Case("append http://127.0.0.1:1", 64),
        Case("append http://127.0.0.1:1 s --type T --data {", 65),
        Case("append http://127.0.0.1:1 s --type T --data 1 --id x", 64),
        Case("append http://127.0.0.1:1 . --type T --data 1", 64),
        Case("append http://127.0.0.1:1 --ndjson /nonexistent/file", 66),
        Case("append http://127.0.0.1:1 s --type T --data 1 --patience 1ms", 69),
        Case("append /tmp s --type T --data 1", 64),
        Case("subscribe http://127.0.0.1:1", 64),
        Case("subscribe http://127.0.0.1:1 --into a --exec b", 64),
        Case("subscribe http://127.0.0.1:1 --exec b", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 1ms", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every soon", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 0s", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 25h", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 30s..1s", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 1s..25h", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 1s..", 64),
        Case("subscribe http://127.0.0.1:1 --into a --every 1s..2s..3s", 64),
        Case("subscribe http://127.0.0.1:1 --into a --timeout 999999999d", 64),
        Case("subscribe http://127.0.0.1:1 --exec a --state b --exec-timeout 0s", 64),
        Case("append http://127.0.0.1:1 s --type T --data 1 --timeout 367d", 64),
        Case("append http://127.0.0.1:1 s --type T --data 1 --retry-min 0s", 64),
        Case("serve --data x.db --idle-timeout 0s", 64),
        Case("serve --data x.db --stop-timeout 1000000000d", 64),
        Case("subscribe http://127.0.0.1:1 --into a --once --until-caught-up", 64),
        Case("subscribe ftp://example.org --into COPY --once", 64),
        Case("subscribe http://127.0.0.1:1 --into COPY --once", 69),
        Case("subscribe http://127.0.0.1:1 --explain", 69),
        Case("browse http://127.0.0.1:1 --last 1001", 64),
        Case("status /nonexistent/copy.db", 66),
        Case("verify http://127.0.0.1:1 --patience 0s", 69),
        Case("verify http://127.0.0.1:1 --patience 25h", 64),
        Case("diff /nonexistent/a.db /nonexistent/b.db", 66),
        Case("diff a.db", 64),
        Case("diff a.db b.db --limit -1", 64),
        Case("new-epoch /nonexistent/store.db", 66),
        Case("export http://127.0.0.1:1 COPY", 69),
    ]

    @Test(arguments: cases)
    func `tell a script what happened, in one line`(_ one: Case) async throws {
        try await TemporaryFolder.with { folder in
            let arguments = one.arguments.split(separator: " ").map {
                $0 == "COPY" ? folder.path("copy") : String($0)
            }

            let outcome = try await Child.start(arguments).outcome()

            #expect(outcome.status == one.status, "\(outcome.error)")
            let lines = outcome.error.split(separator: "\n").filter { !$0.contains(" info ") }
            #expect(lines.count == 1, "\(outcome.error)")
            #expect(lines.first?.hasPrefix("eventfeed: ") == true)
        }
    }

    @Test func `tell a conflict, a clash of ids and another epoch apart`() async throws {
        try await TemporaryFolder.with { folder in
            let server = try await TestServer.start(store: folder.path("store.db"))
            defer { server.child.send(SIGKILL) }
            let id = "018f6d0e-5c1e-7c55-8e0b-3f2f6f2f7a20"
            func append(_ data: String, _ more: String...) async throws -> Int32 {
                let arguments = ["append", server.url, "s", "--type", "T", "--data", data]
                return try await Child.start(arguments + more).outcome().status
            }

            #expect(try await append("1", "--id", id, "--expect", "none") == 0)
            #expect(try await append("1", "--id", id, "--expect", "none") == 0)
            #expect(try await append("2", "--expect", "none") == 75)
            #expect(try await append("2", "--id", id) == 65)

            let copy = folder.path("copy.db")
            let follow = ["subscribe", server.url, "--into", copy, "--until-caught-up"]
            #expect(try await Child.start(follow).outcome().status == 0)
            let second = try await Command.run("serve", "--data", server.store, "--listen", "0")
            #expect(second.status == 75)
            #expect(second.error.contains("process \(server.child.id)"))

            try await server.stop()
            let renewed = try await Command.run("new-epoch", server.store)
            #expect(renewed.status == 0)
            let again = try await TestServer.start(
                store: server.store,
                listen: "127.0.0.1:\(server.port)"
            )
            defer { again.child.send(SIGKILL) }
            let refused = try await Child.start(follow).outcome()
            #expect(refused.status == 76, "\(refused.error)")

            // The history is the same up to there, so the follower may go on if it is told to.
            let epoch = try #require(renewed.output.split(separator: " ").last)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let accepted = try await Child.start(follow + ["--accept-epoch", epoch]).outcome()
            #expect(accepted.status == 0, "\(accepted.error)")
        }
    }

    @Test func `refuse input that is compressed or wrong, by its line`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let wrong = Input.lines(3) + "{\"stream\":\"s\"}\n"
                let outcome = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    "--batch",
                    "2",
                    input: wrong
                )
                #expect(outcome.status == 65)
                #expect(outcome.error.contains("line 4: type"))

                let packed = folder.url.appending(path: "packed.gz")
                try Data([0x1F, 0x8B, 8, 0]).write(to: packed)
                let compressed = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    folder.path("packed.gz")
                )
                #expect(compressed.status == 65)
                #expect(compressed.error.contains("zcat"))
            }
        }
    }
}

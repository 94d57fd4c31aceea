import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A command run for each batch` {
    @Test func `gets events and their place, and moves the checkpoint with status 0`() async throws
    {
        try await withEvents(5) { folder, server in
            let script = """
                cat >> \(folder.path("seen")); \
                echo $EVENTFEED_EPOCH $EVENTFEED_AFTER $EVENTFEED_THROUGH $EVENTFEED_HEAD \
                $EVENTFEED_ATTEMPT; echo aside >&2
                """

            let outcome = try await follow(folder, server, script, "--batch", "2")

            #expect(outcome.status == 0, "\(outcome.error)")
            let places = outcome.output.split(separator: "\n").map {
                $0.split(separator: " ").dropFirst().joined(separator: " ")
            }
            #expect(places == ["0 2 5 1", "2 4 5 1", "4 5 5 1"])
            #expect(outcome.error.contains("aside"))
            let numbers = try folder.contents("seen").split(separator: "\n").map {
                $0.prefix { $0 != "," }
            }
            #expect(numbers == (1...5).map { "{\"number\":\($0)" })
            let again = try await follow(folder, server, script)
            #expect(again.output.isEmpty)
        }
    }

    @Test func `gets the same events again later after status 75`() async throws {
        try await withEvents(3) { folder, server in
            let script = """
                cat >> \(folder.path("seen")); test $EVENTFEED_ATTEMPT -ge 3 || exit 75
                """

            let outcome = try await follow(folder, server, script, "--retry-min", "10ms")

            #expect(outcome.status == 0, "\(outcome.error)")
            let lines = try folder.contents("seen").split(separator: "\n")
            #expect(lines.count == 9)
            #expect(Set(lines).count == 3)
        }
    }

    @Test(arguments: [
        ("exit 3", "status 3"), ("kill -KILL $$", "signal 9"), ("exit 1", "status 1"),
        ("sleep 60", "longer than"), ("sleep 60 & wait", "longer than"),
    ])
    func `ends the subscription when it fails, and the checkpoint stays`(
        script: String,
        reason: String
    ) async throws {
        try await withEvents(2) { folder, server in
            let failed = try await follow(folder, server, script, "--exec-timeout", "500ms")
            #expect(failed.status == 70)
            #expect(failed.error.contains(reason), "\(failed.error)")

            let seen = try await follow(folder, server, "cat")
            #expect(seen.output.split(separator: "\n").count == 2)
        }
    }

    @Test func `may ignore its input, however large`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let text = String(repeating: "x", count: 300_000)
                let line = "{\"stream\":\"s\",\"type\":\"T\",\"data\":\"\(text)\"}\n"
                _ = try await Command.run("append", server.url, "--ndjson", input: line)

                #expect(try await follow(folder, server, "true").status == 0)
            }
        }
    }

    @Test func `takes all its children along when it is ended`() async throws {
        try await withEvents(1) { folder, server in
            let file = folder.path("child")
            let script = "sleep 300 & echo $! > \(file); wait"

            let outcome = try await follow(folder, server, script, "--exec-timeout", "1s")

            #expect(outcome.status == 70)
            let child = try #require(Int32(folder.contents("child").dropLast()))
            try await eventually("the end of process \(child)") {
                kill(child, 0) != 0
            }
        }
    }

    private func withEvents(
        _ count: Int,
        _ body: (Folder, TestServer) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    input: Input.lines(count)
                )
                try await body(folder, server)
            }
        }
    }

    private func follow(_ folder: Folder, _ server: TestServer, _ script: String, _ more: String...)
        async throws -> Command.Outcome
    {
        let arguments = [
            "subscribe", server.url, "--state", folder.path("state"), "--exec", script,
            "--until-caught-up",
        ]
        return try await Child.start(arguments + more).outcome()
    }
}

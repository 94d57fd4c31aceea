import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Subscribe --on-failure` {
    /// Event 3 cannot be applied.
    private static let lines = [
        Tabs.price("soup", 4), Tabs.order("soup", tab: 1), Tabs.order("cake", tab: 2),
        Tabs.order("soup", tab: 1), Tabs.order("soup", tab: 2), Tabs.order("soup", tab: 3),
    ].joined()

    /// What a handler of orders does: it fails where it finds a cake, until there is a file `cake`.
    private static func handler(_ folder: Folder) -> String {
        """
        cat > '\(folder.path("batch"))'
        if grep -q cake '\(folder.path("batch"))' && [ ! -e '\(folder.path("cake"))' ]; then exit 3
        fi
        cat '\(folder.path("batch"))' >> '\(folder.path("handled"))'
        """
    }

    /// The numbers of the events that the handler has kept, in their order.
    private static func handled(_ folder: Folder) throws -> [Int] {
        try folder.contents("handled").split(separator: "\n").compactMap { line in
            Int(line.dropFirst("{\"number\":".count).prefix { $0.isNumber })
        }
    }

    private func run(_ shop: Workshop, _ more: String...) async throws -> Command.Outcome {
        try await Child.start(
            [
                "subscribe", shop.server.url, "--state", shop.file, "--until-caught-up",
                "--retry-min", "10ms",
            ] + more
        ).outcome()
    }

    @Test(arguments: [("stop", 0), ("retry=2", 2)])
    func `ends with status 70 after so many more tries`(policy: String, retries: Int) async throws {
        try await Workshop.with(Self.lines) { shop in
            let file = try shop.projection(Tabs.projection())

            let failed = try await shop.catchUp("--projection", file, "--on-failure", policy)

            #expect(failed.status == 70)
            let told = failed.error.ranges(of: "the same events again later").count
            #expect(told == retries, "\(failed.error)")
            let standing = try await shop.status()
            #expect(standing.failures == retries + 1 && standing.parkedEvents == 0)
            #expect(standing.checkpoint == 0 && standing.unfinishedTries == 0)
            #expect(standing.lastError?.contains("event 3 (Ordered in tab-2)") == true)
        }
    }

    @Test func `goes on by itself where the cause is gone at a later try`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let arguments = [
                "subscribe", shop.server.url, "--state", shop.file, "--exec",
                Self.handler(shop.folder), "--on-failure", "retry=1000", "--retry-max", "50ms",
                "--until-caught-up",
            ]
            try await Child.with(arguments + ["--retry-min", "10ms"]) { follower in
                try await eventually("a second failure") {
                    follower.error.ranges(of: "again later").count >= 2
                }
                _ = try shop.folder.write("", to: "cake")

                #expect(try await follower.outcome().status == 0)
            }
            #expect(try Self.handled(shop.folder) == [1, 2, 3, 4, 5, 6])
        }
    }

    @Test func `parks for a command only where each batch is one event`() async throws {
        let arguments = [
            "subscribe", "http://127.0.0.1:1", "--state", "s", "--exec", "true", "--on-failure",
            "park",
        ]

        let many = try await Child.start(arguments).outcome()
        let two = try await Child.start(arguments + ["--batch", "2"]).outcome()

        for refused in [many, two] {
            #expect(refused.status == 64)
            #expect(refused.error.contains("needs --batch 1"), "\(refused.error)")
        }
    }

    @Test func `parks for a command, which gets the events again when it is told`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let handler = Self.handler(shop.folder)
            let parked = try await run(
                shop,
                "--exec",
                handler,
                "--batch",
                "1",
                "--on-failure",
                "park"
            )
            #expect(parked.status == 79, "\(parked.error)")
            #expect(try Self.handled(shop.folder) == [1, 2, 4, 6])
            #expect(try await shop.status().parkedEvents == 2)

            let unknown = try await Command.run("parked", "retry", shop.file)
            let early = try await Command.run("parked", "retry", shop.file, "--exec", handler)
            _ = try shop.folder.write("", to: "cake")
            let retried = try await Command.run("parked", "retry", shop.file, "--exec", handler)

            #expect(unknown.status == 64)
            #expect(unknown.error.contains("--exec"), "\(unknown.error)")
            #expect(early.status == 79)
            #expect(early.error.contains("the command ended with status 3"), "\(early.error)")
            #expect(retried.status == 0, "\(retried.error)")
            #expect(try Self.handled(shop.folder) == [1, 2, 4, 6, 3, 5])
            let next = try await run(shop, "--exec", handler)
            #expect(next.status == 0, "\(next.error)")
        }
    }

    @Test func `counts tries before they are made, so that a loop of deaths is seen`() async throws
    {
        try await Workshop.with(Self.lines) { shop in
            // The command ends its subscriber, as an event may that takes all memory.
            let deadly = "kill -KILL $PPID"
            for death in 1...4 {
                let ended = try await run(shop, "--exec", deadly)
                #expect(ended.status == -SIGKILL)
                let standing = try await shop.status()
                #expect(standing.unfinishedTries == death && standing.process == nil)
            }
            let status = try await Command.run("status", shop.file)
            #expect(status.status == 0)
            #expect(status.output.contains("tries        4 in a row never ended"))

            // Whoever mended it starts again; where it may only be retried, it says so first.
            let stopped = try await run(shop, "--exec", deadly, "--on-failure", "retry=3")
            let mended = try await run(shop, "--exec", "cat", "--on-failure", "retry=3")

            #expect(stopped.status == 70)
            #expect(stopped.error.contains("events 1 to 6 were tried 4 times in a row"))
            #expect(mended.status == 0, "\(mended.error)")
            #expect(mended.output.split(separator: "\n").count == 6)
            #expect(try await shop.status().unfinishedTries == 0)
        }
    }

    @Test func `parks the event that ends the process after three deaths`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let handler = "if grep -q cake; then kill -KILL $PPID; fi"
            func follow() async throws -> Int32 {
                try await run(
                    shop,
                    "--exec",
                    handler,
                    "--batch",
                    "1",
                    "--on-failure",
                    "park"
                ).status
            }
            for _ in 1...3 { #expect(try await follow() == -SIGKILL) }

            #expect(try await follow() == 79)

            let list = try await Command.run("parked", "list", shop.file, "--json")
            #expect(list.output.contains("\"stream\":\"tab-2\",\"events\":2,\"first\":3"))
            #expect(list.output.contains("the process died in 3 tries in a row of this event"))
        }
    }
}

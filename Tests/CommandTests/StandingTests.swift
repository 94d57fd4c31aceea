import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Eventfeed status` {
    @Test func `tells a subscriber that runs from one that is dead`() async throws {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            let (running, alive) = try await shop.following("--projection", file) { follower in
                try await shop.wait(for: 10)
                try await eventually("a note of the success") {
                    try await shop.status().lastSuccessAt != nil
                }
                let running = try await shop.status()
                let text = try await Command.run("status", shop.file)
                #expect(text.status == 0)
                #expect(text.output.contains("subscriber   runs as process \(follower.id)\n"))
                follower.send(SIGKILL)
                _ = try await follower.outcome()
                return (running, follower.id)
            }

            let dead = try await shop.status()
            let text = try await Command.run("status", shop.file)

            #expect(running.process == alive && dead.process == nil)
            #expect(text.output.contains("subscriber   does not run\n"))
            #expect(text.status == 0)
            for standing in [running, dead] {
                #expect(standing.kind == "read model" && standing.file == shop.file)
                #expect(standing.source == shop.server.url && standing.epoch?.count == 36)
                #expect(standing.models == "tabs (revision 1)")
                #expect(standing.checkpoint == 10 && standing.head == 10 && standing.lag == 0)
                #expect(standing.lagSeconds == 0 && standing.feedError == nil)
                #expect(standing.pollInterval == "100ms" && standing.failures == 0)
                #expect(standing.startedAt != nil && standing.updatedAt != nil)
                #expect(standing.lastError == nil && standing.lastErrorAt == nil)
                #expect(standing.parkedEvents == 0 && standing.parkedStreams == 0)
                #expect(standing.unfinishedTries == 0)
                #expect(try #require(standing.eventsPerSecond) > 0)
            }
        }
    }

    @Test func `fails for a monitor where the lag is too long, and where nobody knows it`()
        async throws
    {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            func status(maxLag: String) async throws -> Command.Outcome {
                try await Command.run("status", shop.file, "--max-lag", maxLag)
            }
            #expect(try await shop.catchUp("--projection", file).status == 0)
            #expect(try await status(maxLag: "0ms").status == 0)

            try await shop.append(Tabs.order("soup", tab: 1) + Tabs.order("soup", tab: 2))
            try await eventually("an age of 200 ms") {
                try await shop.status().lagSeconds ?? 0 >= 0.2
            }
            let standing = try await shop.status()
            let behind = try await status(maxLag: "100ms")
            let patient = try await status(maxLag: "1h")
            try await shop.server.stop()
            let alone = try await shop.status()
            let plain = try await Command.run("status", shop.file)
            let unknown = try await status(maxLag: "1h")

            #expect(standing.lag == 2 && standing.head == 12 && standing.checkpoint == 10)
            #expect(behind.status == 75)
            #expect(behind.error.contains("behind, allowed are 100ms"), "\(behind.error)")
            #expect(behind.output.contains("lag          2 events"))
            #expect(patient.status == 0, "\(patient.error)")
            #expect(alone.head == nil && alone.lag == nil && alone.lagSeconds == nil)
            #expect(alone.feedError != nil && alone.checkpoint == 10)
            #expect(plain.status == 0 && plain.output.contains("cannot be asked"))
            #expect(unknown.status == 75)
            #expect(unknown.error.contains("nobody knows"), "\(unknown.error)")
        }
    }

    @Test func `says what goes wrong while a subscriber tries again`() async throws {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            try await shop.following("--projection", file) { follower in
                try await shop.wait(for: 10)
                try await shop.server.stop()
                try await eventually("failures") {
                    try await shop.status().failures ?? 0 >= 2
                }

                let failing = try await shop.status()
                let text = try await Command.run("status", shop.file)

                #expect(failing.process == follower.id)
                let error = try #require(failing.lastError)
                #expect(error.contains(shop.server.url), "\(error)")
                #expect(failing.lastErrorAt != nil && failing.lastSuccessAt != nil)
                #expect(text.output.contains(error))

                let again = try await TestServer.start(
                    store: shop.server.store,
                    listen: "127.0.0.1:\(shop.server.port)"
                )
                defer { again.child.send(SIGKILL) }
                try await shop.append(Tabs.order("soup", tab: 1))
                try await shop.wait(for: 11)
                try await eventually("the end of the failures") {
                    try await shop.status().failures == 0
                }
                // What went wrong last is still known when it is over.
                #expect(try await shop.status().lastError == error)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct `Eventfeed wait-for` {
    @Test func `ends once the event is applied`() async throws {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            try await shop.following("--projection", file) { _ in
                try await shop.wait(for: 10)
                let arguments = ["wait-for", "11", shop.file, "--timeout", "1m"]
                try await Child.with(arguments) { waiting in
                    try await shop.append(Tabs.order("soup", tab: 1))

                    let waited = try await waiting.outcome()

                    #expect(waited.status == 0, "\(waited.error)")
                    #expect(waited.output == "11\n")
                    #expect(try await shop.rows("SELECT max(number) FROM item") == ["11"])
                }
                let past = try await Command.run("wait-for", "3", shop.file, "--timeout", "0ms")
                #expect(past.status == 0 && past.output == "11\n", "\(past.error)")
            }
        }
    }

    @Test func `ends with status 75 where it is not applied in time`() async throws {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            #expect(try await shop.catchUp("--projection", file).status == 0)

            let late = try await Command.run("wait-for", "11", shop.file, "--timeout", "100ms")
            let never = try await Command.run(
                "wait-for",
                "1",
                shop.folder.path("nothing.db"),
                "--timeout",
                "100ms"
            )

            for outcome in [late, never] {
                #expect(outcome.status == 75 && outcome.output.isEmpty)
            }
            #expect(late.error.contains("event 11 was not applied within 0.1 s"))
            #expect(late.error.contains("the checkpoint is at 10"), "\(late.error)")
            #expect(!FileManager.default.fileExists(atPath: shop.folder.path("nothing.db")))
        }
    }

    @Test func `waits for a file that is not there yet`() async throws {
        try await Workshop.with(Tabs.lines(orders: 9)) { shop in
            let file = try shop.projection(Tabs.projection())
            let arguments = ["wait-for", "10", shop.file, "--timeout", "1m"]
            try await Child.with(arguments) { waiting in
                let early = try await Command.run("wait-for", "1", shop.file, "--timeout", "0ms")
                #expect(early.status == 75 && waiting.isRunning)

                #expect(try await shop.catchUp("--projection", file).status == 0)

                let waited = try await waiting.outcome()
                #expect(waited.status == 0 && waited.output == "10\n", "\(waited.error)")
            }
        }
    }

    @Test func `refuses a file that is something else`() async throws {
        try await Workshop.with(Tabs.lines(orders: 1)) { shop in
            let text = try shop.folder.write("This is no database at all.\n", to: "text.db")

            let wrong = try await Command.run("wait-for", "1", text, "--timeout", "1m")
            let store = try await Command.run("wait-for", "1", shop.server.store, "--timeout", "1m")

            #expect(wrong.status == 65, "\(wrong.error)")
            #expect(store.status == 65, "\(store.error)")
        }
    }
}

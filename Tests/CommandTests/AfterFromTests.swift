import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `Subscribe --after-from` {
    /// A handler that keeps its work and its number in one transaction of a file of its own.
    ///
    /// At some batches, by a seed, it ends its subscriber: before the commit, or between the commit
    /// and the checkpoint. Its table has no key, so that whatever comes twice is there twice. Where
    /// it is told to be careful, it ends nobody, and leaves out what it has: whoever ends the
    /// subscriber alone leaves a handler behind that goes on beside the next one.
    private static let handler = """
        import json, os, random, signal, sqlite3, sys
        what, file, seed = sys.argv[1:]
        connection = sqlite3.connect(file, timeout=20, isolation_level=None)
        connection.execute("CREATE TABLE IF NOT EXISTS item (number INTEGER, dish TEXT)")
        connection.execute("CREATE TABLE IF NOT EXISTS handled (through INTEGER, moment TEXT)")
        if what == "after":
            print(connection.execute("SELECT coalesce(max(through), 0) FROM handled").fetchone()[0])
            sys.exit()
        through = os.environ["EVENTFEED_THROUGH"]
        chance = random.Random(f"{seed} {through} {os.environ['EVENTFEED_ATTEMPT']}").random()
        moment = "before" if chance < 0.2 else "between" if chance < 0.5 else "never"
        connection.execute("BEGIN IMMEDIATE")
        known = 0
        if what == "careful":
            moment = "never"
            known = connection.execute("SELECT max(through) FROM handled").fetchone()[0] or 0
        for line in sys.stdin:
            event = json.loads(line)
            if event["number"] > known:
                connection.execute(
                    "INSERT INTO item VALUES (?, ?)", (event["number"], event["data"]["dish"])
                )
        connection.execute("INSERT INTO handled VALUES (?, ?)", (int(through), moment))
        if moment == "before":
            connection.execute("ROLLBACK")
            os.kill(os.getppid(), signal.SIGKILL)
            sys.exit()
        connection.execute("COMMIT")
        if moment == "between":
            os.kill(os.getppid(), signal.SIGKILL)

        """

    @Test(arguments: [UInt64(1), 2])
    func `hands every event over exactly once, whenever the subscriber is killed`(seed: UInt64)
        async throws
    {
        try await Workshop.with(Tabs.lines(orders: 149)) { shop in
            let work = shop.folder.path("work.db")
            let arguments = try subscription(to: shop, "handle", work, seed)

            var deaths = 0
            while true {
                let outcome = try await Child.start(arguments).outcome()
                if outcome.status == 0 { break }
                try #require(outcome.status == -SIGKILL, "seed \(seed): \(outcome.error)")
                deaths += 1
                try #require(deaths < 200)
            }

            #expect(
                try await SQL.rows(work, "SELECT number, count(*) FROM item GROUP BY number")
                    == (2...150).map { "\($0)|1" },
                "seed \(seed)"
            )
            let between = try await SQL.rows(
                work,
                "SELECT count(*) FROM handled WHERE moment = 'between'"
            )
            #expect(try #require(Int(between.first ?? "")) >= 3, "seed \(seed)")
            #expect(deaths > 5, "seed \(seed)")
            let status = try await Command.run("status", shop.folder.path("state"), "--json")
            #expect(try Standing(status).checkpoint == 150)
        }
    }

    @Test(arguments: [UInt64(3)])
    func `leaves a careful handler nothing twice that outlives its subscriber`(seed: UInt64)
        async throws
    {
        var random = SeededGenerator(seed: seed)
        try await Workshop.with(Tabs.lines(orders: 149)) { shop in
            let work = shop.folder.path("work.db")
            let arguments = try subscription(to: shop, "careful", work, seed)

            for _ in 1...15 {
                let moment = Int.random(in: 0...900, using: &random)
                try await Child.with(arguments) { follower in
                    try await Task.sleep(for: .milliseconds(moment))
                    follower.send(SIGKILL)
                    _ = try await follower.outcome()
                }
            }
            let last = try await Child.start(arguments).outcome()

            #expect(last.status == 0, "\(last.error)")
            #expect(
                try await SQL.rows(work, "SELECT number, count(*) FROM item GROUP BY number")
                    == (2...150).map { "\($0)|1" },
                "seed \(seed)"
            )
        }
    }

    /// The arguments of a subscriber whose handler keeps its number.
    private func subscription(
        to shop: Workshop,
        _ what: String,
        _ work: String,
        _ seed: UInt64
    ) throws -> [String] {
        let script = try shop.folder.write(Self.handler, to: "handler.py")
        let python = try Tool.find("python3")
        func command(_ what: String) -> String {
            "exec '\(python)' '\(script)' \(what) '\(work)' \(seed)"
        }
        return [
            "subscribe", shop.server.url, "--state", shop.folder.path("state"), "--exec",
            command(what), "--after-from", command("after"), "--batch", "7", "--type", "Ordered",
            "--until-caught-up", "--log-level", "error",
        ]
    }

    @Test(arguments: [
        ("echo", "printed \"\""), ("echo -1", "printed \"-1\""), ("echo seven", "seven"),
        ("echo 1; echo 2", "printed \"1 2\""), ("exit 3", "ended with"),
        ("sleep 60", "longer than"),
    ])
    func `refuses to start where the handler says no number`(command: String, reason: String)
        async throws
    {
        try await Workshop.with(Tabs.lines(orders: 3)) { shop in
            let refused = try await Command.run(
                "subscribe",
                shop.server.url,
                "--state",
                shop.file,
                "--exec",
                "touch '\(shop.folder.path("ran"))'",
                "--exec-timeout",
                "500ms",
                "--after-from",
                command,
                "--once"
            )

            #expect(refused.status == 70)
            #expect(refused.error.contains("--after-from: "), "\(refused.error)")
            #expect(refused.error.contains(reason), "\(refused.error)")
            #expect(!FileManager.default.fileExists(atPath: shop.folder.path("ran")))
        }
    }
}

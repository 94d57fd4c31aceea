import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Eventfeed rebuild` {
    /// Shape and contents of the read model in one look.
    private static let look = """
        SELECT (SELECT group_concat(name, ' ') FROM pragma_table_info('item')),
            count(*), sum(amount), min(model), max(model) FROM item
        """

    /// What ``look`` finds of a whole model.
    private static func seen(revision: Int, orders: Int) -> String {
        let columns = "number tab dish amount model" + (revision == 2 ? " ordered_at" : "")
        return "\(columns)|\(orders)|\(4 * orders)|\(revision)|\(revision)"
    }

    /// Runs `body` with a read model of the first revision that is caught up.
    private func withModel(
        orders: Int,
        _ body: (Workshop, _ first: String, _ second: String) async throws -> Void
    ) async throws {
        try await Workshop.with(Tabs.lines(orders: orders)) { shop in
            let first = try shop.projection(Tabs.projection(), "first.sql")
            let second = try shop.projection(Tabs.projection(revision: 2), "second.sql")
            let built = try await shop.catchUp("--projection", first)
            try #require(built.status == 0, "\(built.error)")
            try await body(shop, first, second)
        }
    }

    @Test func `takes over from a subscriber while readers keep their connections open`()
        async throws
    {
        try await withModel(orders: 600) { shop, first, second in
            let readers = try await OpenReader.watching(shop.file, [Self.look, Self.look]) {
                try await shop.following("--projection", first) { follower in
                    try await eventually("the subscriber") {
                        LockFile.holder(of: shop.file) == follower.id
                    }

                    let rebuilt = try await Command.run(
                        "rebuild",
                        shop.file,
                        "--projection",
                        second
                    )
                    let ended = try await follower.outcome()

                    #expect(rebuilt.status == 0, "\(rebuilt.error)")
                    #expect(
                        rebuilt.error.contains("asking the subscriber, process \(follower.id)")
                    )
                    #expect(rebuilt.error.contains("has the new model, at event 601"))
                    #expect(ended.status == 0)
                    #expect(ended.error.contains("superseded"), "\(ended.error)")
                }
            }

            for seen in readers {
                #expect(
                    seen == [
                        Self.seen(revision: 1, orders: 600), Self.seen(revision: 2, orders: 600),
                    ]
                )
            }
            let previous = try await SQL.rows(shop.file + ".previous", Self.look)
            #expect(previous == [Self.seen(revision: 1, orders: 600)])
            try await shop.append(Tabs.order("soup", tab: 1))
            let refused = try await shop.catchUp("--projection", first)
            let followed = try await shop.catchUp("--projection", second)
            #expect(refused.status == 64 && refused.error.contains("revision 1 instead of 2"))
            #expect(followed.status == 0, "\(followed.error)")
            #expect(try await shop.rows(Self.look) == [Self.seen(revision: 2, orders: 601)])
        }
    }

    @Test func `makes a subscriber wait that starts meanwhile, and it goes on with the new rows`()
        async throws
    {
        try await withModel(orders: 40) { shop, first, second in
            try await shop.following("--projection", first) { follower in
                try await eventually("the subscriber") {
                    LockFile.holder(of: shop.file) == follower.id
                }
                // It does not notice the request, and the rebuild has to wait for it.
                try await halt(follower, shop.file)
                let arguments = ["rebuild", shop.file, "--projection", second]
                try await Child.with(arguments) { rebuild in
                    try await eventually("the request", within: .seconds(60)) {
                        rebuild.error.contains("asking the subscriber")
                            && LockFile.holder(of: shop.file + ".takeover") == rebuild.id
                    }
                    try await shop.following("--projection", second) { next in
                        try await eventually("the word that it waits") {
                            next.error.contains("waiting: another process is taking")
                        }
                        try await shop.append(Tabs.order("soup", tab: 1))
                        #expect(next.isRunning && rebuild.isRunning)
                        follower.send(SIGCONT)

                        let ended = try await follower.outcome()
                        let rebuilt = try await rebuild.outcome()

                        #expect(ended.status == 0 && ended.error.contains("superseded"))
                        #expect(rebuilt.status == 0, "\(rebuilt.error)")
                        try await shop.wait(for: 42)
                        next.send(SIGTERM)
                        #expect(try await next.outcome().status == 0)
                    }
                }
            }
            #expect(try await shop.rows(Self.look) == [Self.seen(revision: 2, orders: 41)])
        }
    }

    @Test func `can be stopped while it waits, and so can a subscriber that waits for it`()
        async throws
    {
        try await withModel(orders: 40) { shop, first, second in
            try await besideStopped(shop, first) { follower in
                for rest in [["--projection", second], ["--rollback"]] {
                    if rest == ["--rollback"] { try copy(shop.file, to: shop.file + ".previous") }
                    try await Child.with(["rebuild", shop.file] + rest) { rebuild in
                        try await eventually("the request", within: .seconds(60)) {
                            LockFile.holder(of: shop.file + ".takeover") == rebuild.id
                        }
                        let waiting = try await shop.following("--projection", first) { next in
                            try await eventually("the word that it waits") {
                                next.error.contains("waiting: another process is taking")
                            }
                            next.send(SIGTERM)
                            return try await next.outcome()
                        }
                        rebuild.send(SIGTERM)
                        let stopped = try await rebuild.outcome()

                        #expect(waiting.status == 0, "\(waiting.error)")
                        #expect(stopped.status == 0)
                        #expect(stopped.error.contains("is as it was"), "\(stopped.error)")
                    }
                }
                #expect(follower.isRunning)
            }
        }
    }

    @Test func `gives up in time where the subscriber does not end`() async throws {
        try await withModel(orders: 40) { shop, first, second in
            try await besideStopped(shop, first) { follower in
                let late = try await Command.run(
                    "rebuild",
                    shop.file,
                    "--projection",
                    second,
                    "--patience",
                    "300ms"
                )

                #expect(late.status == 75)
                #expect(late.error.contains("in use by process \(follower.id)"), "\(late.error)")
            }
        }
    }

    /// Runs `body` beside a subscriber that does not notice what it is asked, and sees it go on.
    private func besideStopped(
        _ shop: Workshop,
        _ projection: String,
        _ body: (Child) async throws -> Void
    ) async throws {
        try await shop.following("--projection", projection) { follower in
            // Once it follows: stopped while it opens the file, it would keep everybody out.
            try await eventually("the subscriber") { follower.error.contains("following") }
            try await halt(follower, shop.file)
            try await body(follower)
            follower.send(SIGCONT)
            // Nobody asks it any more.
            try await shop.append(Tabs.order("soup", tab: 1))
            try await shop.wait(for: 42)
            #expect(follower.isRunning)
        }
        #expect(try await shop.rows(Self.look) == [Self.seen(revision: 1, orders: 41)])
    }

    /// Stops a subscriber between two of its transactions: within one nobody could read the file.
    private func halt(_ follower: Child, _ file: String) async throws {
        try await eventually("a moment without a transaction") {
            follower.send(SIGSTOP)
            let written = try await Child.start(
                [file, "BEGIN IMMEDIATE; ROLLBACK"],
                program: Tool.find("sqlite3")
            ).outcome()
            if written.status != 0 { follower.send(SIGCONT) }
            return written.status == 0
        }
    }

    private func copy(_ file: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: file, toPath: other)
    }

    @Test func `brings the model before the last one back, for open readers too`() async throws {
        try await withModel(orders: 40) { shop, first, second in
            let none = try await Command.run("rebuild", shop.file, "--rollback")
            let rebuilt = try await Command.run("rebuild", shop.file, "--projection", second)
            #expect(none.status == 66, "\(none.error)")
            #expect(rebuilt.status == 0, "\(rebuilt.error)")
            try await shop.append(Tabs.order("soup", tab: 1))

            let readers = try await OpenReader.watching(shop.file, [Self.look, Self.look]) {
                try await shop.following("--projection", second) { follower in
                    try await shop.wait(for: 42)
                    let back = try await Command.run("rebuild", shop.file, "--rollback")
                    #expect(back.status == 0, "\(back.error)")
                    #expect(back.error.contains("at event 41"))
                    let ended = try await follower.outcome()
                    #expect(ended.status == 0 && ended.error.contains("superseded"))
                }
            }

            for seen in readers {
                #expect(
                    seen == [
                        Self.seen(revision: 2, orders: 40), Self.seen(revision: 2, orders: 41),
                        Self.seen(revision: 1, orders: 40),
                    ]
                )
            }
            #expect(try await shop.catchUp("--projection", first).status == 0)
            #expect(try await shop.rows(Self.look) == [Self.seen(revision: 1, orders: 41)])
        }
    }

    @Test func `makes the same rows again where no projection is named`() async throws {
        try await withModel(orders: 40) { shop, first, _ in
            let damage = try await Child.start(
                [shop.file, "DELETE FROM item WHERE number % 3 = 0"],
                program: Tool.find("sqlite3")
            ).outcome()
            #expect(damage.status == 0, "\(damage.error)")
            #expect(try await shop.rows("SELECT count(*) FROM item") != ["40"])
            // Nobody needs the file with the SQL any more.
            try FileManager.default.removeItem(atPath: first)

            let rebuilt = try await Command.run("rebuild", shop.file)

            #expect(rebuilt.status == 0, "\(rebuilt.error)")
            #expect(try await shop.rows(Self.look) == [Self.seen(revision: 1, orders: 40)])
        }
    }

    @Test func `leaves the file alone where it cannot be done`() async throws {
        try await withModel(orders: 40) { shop, _, second in
            let poison = try shop.projection(
                Tabs.projection(revision: 2).replacing(":stream, :data", with: "NULL, :data"),
                "poison.sql"
            )
            let wrong = try shop.projection("-- projection: tabs  revision: 3\n", "wrong.sql")
            let before = try await SQL.dump(shop.file)

            let failed = try await Command.run("rebuild", shop.file, "--projection", poison)
            let invalid = try await Command.run("rebuild", shop.file, "--projection", wrong)
            let nowhere = try await Command.run(
                "rebuild",
                shop.file,
                "--projection",
                second,
                "--from",
                shop.folder.path("nowhere")
            )
            let missing = try await Command.run("rebuild", shop.folder.path("other.db"))

            #expect(failed.status == 70)
            #expect(failed.error.contains("event 2 (Ordered in tab-1): \(poison):"))
            #expect(invalid.status == 65 && missing.status == 66)
            #expect(nowhere.status == 76 && nowhere.error.contains("nowhere"), "\(nowhere.error)")
            #expect(try await SQL.dump(shop.file) == before)
            #expect(!FileManager.default.fileExists(atPath: shop.file + ".previous"))
            #expect(!FileManager.default.fileExists(atPath: shop.folder.path("other.db.lock")))
        }
    }

    @Test func `never repeats what a command did`() async throws {
        try await Workshop.with(Tabs.lines(orders: 3)) { shop in
            let state = shop.folder.path("state")
            let handled = try await Command.run(
                "subscribe",
                shop.server.url,
                "--state",
                state,
                "--exec",
                "true",
                "--once"
            )
            #expect(handled.status == 0, "\(handled.error)")
            let second = try shop.projection(Tabs.projection(), "second.sql")

            for arguments in [[], ["--projection", second]] {
                let refused = try await Child.start(["rebuild", state] + arguments).outcome()
                #expect(refused.status == 64)
                #expect(refused.error.contains("checkpoint of a handler"), "\(refused.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: state + ".rebuild"))
        }
    }
}

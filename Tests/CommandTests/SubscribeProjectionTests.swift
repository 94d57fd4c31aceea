import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Subscribe --projection` {
    private static let lines = [
        Tabs.price("soup", 4), Tabs.order("soup", tab: 1), Tabs.order("soup", tab: 2),
        Tabs.price("soup", 5), Tabs.order("soup", tab: 1),
    ].joined()

    @Test func `builds the rows of all projections, and nothing else`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let tabs = try shop.projection(Tabs.projection())
            let totals = try shop.projection(Tabs.totals, "totals.sql")

            let followed = try await shop.catchUp("--projection", tabs, "--projection", totals)

            #expect(followed.status == 0, "\(followed.error)")
            #expect(
                try await shop.rows("SELECT * FROM item ORDER BY number") == [
                    "2|tab-1|soup|4|1", "3|tab-2|soup|4|1", "5|tab-1|soup|5|1",
                ]
            )
            #expect(try await shop.rows("SELECT * FROM price") == ["soup|5"])
            #expect(
                try await shop.rows("SELECT * FROM total ORDER BY tab") == ["tab-1|2", "tab-2|1"]
            )
            // The copy of all events is what --into alone makes.
            #expect(
                try await shop.rows(
                    """
                    SELECT name FROM sqlite_schema
                    WHERE type = 'table' AND name NOT LIKE 'eventfeed!_%' ESCAPE '!' ORDER BY name
                    """
                ) == ["item", "price", "total"]
            )
            #expect(try await shop.status().models == "tabs (revision 1), totals (revision 1)")
        }
    }

    @Test func `hands every field of an event over, as text where it is text`() async throws {
        let lines = """
            {"stream":"a-b-1","type":"Was said","data":{"n":1},"metadata":{"by":"x"}}
            {"stream":"a-b-1","type":"Was said","dataText":"naïve"}
            {"stream":"c","type":"$internal","data":1}

            """
        let sql = """
            -- projection: all  revision: 1
            -- setup
            CREATE TABLE seen (
                number INTEGER PRIMARY KEY, version, stream, category, type, id, recorded_at,
                media_type, data, metadata
            );
            -- on *
            INSERT INTO seen VALUES (:number, :version, :stream, :category, :type, :id,
                :recorded_at, :media_type, :data, :metadata);

            """
        try await Workshop.with(lines) { shop in
            let file = try shop.projection(sql)

            let followed = try await shop.catchUp("--projection", file)

            #expect(followed.status == 0, "\(followed.error)")
            #expect(
                try await shop.rows(
                    """
                    SELECT number, version, stream, category, type, length(id), typeof(recorded_at),
                        media_type, data, quote(metadata) FROM seen ORDER BY number
                    """
                ) == [
                    #"1|1|a-b-1|a|Was said|36|text|application/json|{"n":1}|'{"by":"x"}'"#,
                    "2|2|a-b-1|a|Was said|36|text|text/plain|naïve|NULL",
                ]
            )
        }
    }

    @Test func `goes on after comments and white space changed`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let file = try shop.projection(Tabs.projection())
            #expect(try await shop.catchUp("--projection", file).status == 0)
            try await shop.append(Tabs.order("soup", tab: 3))
            let other = Tabs.projection().replacing("-- setup", with: "-- setup\n-- Tables.\n")
                .replacing(" VALUES", with: "\n    /* of the event */ VALUES")
            _ = try shop.projection("\n" + other)

            let followed = try await shop.catchUp("--projection", file)

            #expect(followed.status == 0, "\(followed.error)")
            #expect(try await shop.rows("SELECT count(*) FROM item") == ["4"])
        }
    }

    @Test func `refuses to go on with other definitions, and names what changed`() async throws {
        try await Workshop.with(Self.lines) { shop in
            let tabs = try shop.projection(Tabs.projection())
            let totals = try shop.projection(Tabs.totals, "totals.sql")
            let both = try await shop.catchUp("--projection", tabs, "--projection", totals)
            #expect(both.status == 0, "\(both.error)")
            try await shop.append(Tabs.order("soup", tab: 3))
            let changed = try shop.projection(
                Tabs.projection().replacing("amount = excluded.amount", with: "amount = 0"),
                "changed.sql"
            )
            let raised = try shop.projection(
                Tabs.projection().replacing("revision: 1", with: "revision: 2"),
                "raised.sql"
            )
            let third = try shop.projection(
                Tabs.totals.replacing("totals ", with: "third ").replacing(" total ", with: " x "),
                "third.sql"
            )
            let cases = [
                ([changed, totals], "the statements of tabs changed under the same revision 1"),
                ([raised, totals], "tabs has revision 2 instead of 1"),
                ([tabs], "totals is missing"),
                ([tabs, totals, third], "third is new"),
                ([], "event-copy is new; tabs is missing"),
            ]

            for (files, reason) in cases {
                let arguments = files.flatMap { ["--projection", $0] }
                let refused = try await Child.start(
                    ["subscribe", shop.server.url, "--into", shop.file, "--once"] + arguments
                ).outcome()

                #expect(refused.status == 64, "\(refused.error)")
                #expect(refused.error.contains(reason), "\(refused.error)")
                #expect(refused.error.contains("eventfeed rebuild"), "\(refused.error)")
            }
            #expect(try await shop.rows("SELECT count(*) FROM item") == ["3"])
            #expect(try await shop.status().checkpoint == 5)
            let again = try await shop.catchUp("--projection", totals, "--projection", tabs)
            #expect(again.status == 0, "\(again.error)")
        }
    }

    @Test func `ends a statement that goes on for ever, and names its line`() async throws {
        let endless = """
            INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
            SELECT count(*) FROM c;

            """
        try await Workshop.with(Self.lines) { shop in
            let start = "-- projection: p  revision: 1\n-- setup\nCREATE TABLE t (n);\n"
            let handler = try shop.projection(start + "-- on Ordered\n" + endless, "handler.sql")
            let setup = try shop.projection(
                start + endless + "-- on Ordered\nDELETE FROM t;\n",
                "setup.sql"
            )

            let stopped = try await shop.catchUp(
                "--projection",
                handler,
                "--statement-timeout",
                "300ms"
            )
            let vetted = try await shop.catchUp(
                "--projection",
                setup,
                "--statement-timeout",
                "300ms"
            )

            #expect(stopped.status == 70)
            #expect(stopped.error.contains("event 2 (Ordered in tab-1)"), "\(stopped.error)")
            #expect(stopped.error.contains("\(handler):5: the statement ran longer than"))
            #expect(try await shop.status().checkpoint == 0)
            #expect(vetted.status == 65)
            #expect(vetted.error.contains("\(setup):4: "), "\(vetted.error)")
        }
    }

    @Test func `takes a statement that fails back with its whole batch`() async throws {
        let lines = Self.lines + Tabs.order("cake", tab: 1) + Tabs.order("soup", tab: 2)
        try await Workshop.with(lines) { shop in
            let file = try shop.projection(Tabs.projection())

            let whole = try await shop.catchUp("--projection", file)
            let before = try await shop.status()
            let single = try await shop.catchUp("--projection", file, "--batch", "1")

            for failed in [whole, single] {
                #expect(failed.status == 70)
                #expect(failed.error.contains("event 6 (Ordered in tab-1): \(file):16: "))
                #expect(failed.error.contains("NOT NULL constraint failed: item.amount"))
            }
            #expect(before.checkpoint == 0)
            #expect(before.lastError?.contains("event 6") == true)
            #expect(try await shop.status().checkpoint == 5)
            #expect(try await shop.rows("SELECT count(*), sum(amount) FROM item") == ["3|13"])
        }
    }
}

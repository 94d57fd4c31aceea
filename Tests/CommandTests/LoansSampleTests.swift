import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `The sample loans` {
    /// Runs `body` with the sample's events in a server.
    private func withEvents(_ body: (Workshop) async throws -> Void) async throws {
        try await Workshop.with { shop in
            let loaded = try await Command.run(
                "append",
                shop.server.url,
                "--ndjson",
                Loans.path("loans.ndjson")
            )
            try #require(loaded.error.contains("299 events recorded"), "\(loaded.error)")
            try await body(shop)
        }
    }

    private func follow(_ shop: Workshop, _ more: String...) async throws -> Command.Outcome {
        try await Child.start(
            ["subscribe", shop.server.url, "--into", shop.file] + Loans.projections + more
        ).outcome()
    }

    @Test func `has projections that give the rows that a program without SQL computes`()
        async throws
    {
        try await withEvents { shop in
            let followed = try await follow(shop, "--until-caught-up")
            #expect(followed.status == 0, "\(followed.error)")

            let compared = try await Loans.compare("loans.ndjson", with: shop.file)

            #expect(compared.status == 0, "\(compared.output)\(compared.error)")
            #expect(
                compared.output.split(separator: "\n").map(String.init) == [
                    "approval: 30 rows expected, 30 found, 0 different",
                    "application: 30 rows expected, 30 found, 0 different",
                    "day: 6 rows expected, 6 found, 0 different",
                    "equal through event 299",
                ]
            )
        }
    }

    @Test func `has them after a part of the events too`() async throws {
        try await withEvents { shop in
            for through in [50, 100] {
                let followed = try await follow(shop, "--once", "--batch", "50")
                #expect(followed.status == 0, "\(followed.error)")
                #expect(try await shop.status().checkpoint == through)

                let compared = try await Loans.compare(
                    "loans.ndjson",
                    with: shop.file,
                    "--through",
                    "\(through)"
                )
                let other = try await Loans.compare(
                    "loans.ndjson",
                    with: shop.file,
                    "--through",
                    "\(through + 1)"
                )

                #expect(compared.status == 0, "\(compared.output)\(compared.error)")
                #expect(other.status == 1 && other.output.contains("NOT equal"))
            }
        }
    }

    @Test func `has a comparison that sees a row that is wrong`() async throws {
        try await withEvents { shop in
            #expect(try await follow(shop, "--until-caught-up").status == 0)
            for (change, table) in [
                ("UPDATE approval SET requested = requested + 1 WHERE rowid = 3", "approval"),
                ("DELETE FROM application WHERE state = 'approved'", "application"),
                ("UPDATE day SET declined = declined + 1 WHERE rowid = 2", "day"),
            ] {
                let changed = shop.folder.path("\(table).db")
                let copied = try await Child.start(
                    [shop.file, "VACUUM INTO '\(changed)'"],
                    program: Tool.find("sqlite3")
                ).outcome()
                let edited = try await Child.start(
                    [changed, change],
                    program: Tool.find("sqlite3")
                ).outcome()
                try #require(copied.status == 0 && edited.status == 0, "\(edited.error)")

                let compared = try await Loans.compare("loans.ndjson", with: changed)

                #expect(compared.status == 1)
                let different = compared.output.split(separator: "\n").filter {
                    $0.contains("rows expected") && !$0.hasSuffix(" 0 different")
                }
                #expect(different.map { $0.hasPrefix("\(table):") } == [true], "\(different)")
            }
        }
    }

    @Test func `has projections in order, and questions that can be asked`() async throws {
        try await withEvents { shop in
            let files = Loans.projections.filter { $0.hasSuffix(".sql") }
            let checked = try await Child.start(["projection", "check"] + files).outcome()
            #expect(checked.status == 0 && checked.error.isEmpty, "\(checked.error)")
            #expect(try await follow(shop, "--until-caught-up").status == 0)

            let readme = try String(contentsOfFile: Loans.path("README.md"), encoding: .utf8)
            let questions = readme.components(separatedBy: "```sql\n").dropFirst()
                .map { $0.components(separatedBy: "```")[0] }

            #expect(questions.count == 3)
            for question in questions {
                #expect(try await !shop.rows(question).isEmpty, "\(question)")
            }
        }
    }
}

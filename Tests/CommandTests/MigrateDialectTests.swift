import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A migration reads the product` {
    private typealias Event = ScriptedProduct.Event

    /// Copies everything of a product; returns what the command said and what is in the target.
    private func copied(_ product: ScriptedProduct, _ more: String...) async throws -> (
        outcome: Command.Outcome, rows: [String], targets: [String]
    ) {
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            return try await ScriptedServer.run(answering: { product.answer($0) }) { source in
                let outcome = try await Migrated.migrate(source.address, target, folder)
                return (outcome, try await Migrated.rows(target.store), source.targets)
            }
        }
    }

    private static let mixed: [Event] = {
        var binary = Event("s", 2, "")
        (binary.data, binary.isJSON) = ([0, 255, 10, 13], false)
        return [
            Event("s", 0, "{\"a\":  1.0}", metadata: "{ \"m\":1 }"),
            Event("s", 1, "{ \"text\" : 1 }", isJSON: false, metadata: "no json"), binary,
            Event("s", 3, "", isJSON: false), Event("s", 4, "only text \u{1}\n", isJSON: false),
            Event("s", 5, "\u{FFFD}", isJSON: false), Event("s", 6, "\u{FFFD} json"),
            Event("ümläut/%", 0, "{}"),
        ]
    }()

    @Test(arguments: [ScriptedProduct.Version.five, .twenty])
    func `byte for byte`(version: ScriptedProduct.Version) async throws {
        let (outcome, rows, _) = try await copied(
            ScriptedProduct(version: version, events: Self.mixed)
        )

        #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
        #expect(rows == Self.mixed.map { Migrated.row($0) })
        #expect(!outcome.output.contains("may not be exactly"))
    }

    private static let linked: [Event] = [
        Event("a", 0, "{\"a\":0}", metadata: "{}"), Event("a", 1, "{\"a\":1}"),
        Event("l", 0, "$>", "0@a", isJSON: false, metadata: "{\"l\": 1}"),
        Event("l", 1, "$>", "1@a", isJSON: false), Event("l", 2, "{\"plain\":1}"),
        Event("l", 3, "$>", "0@l", isJSON: true, metadata: "{}"),
    ]

    @Test(arguments: [ScriptedProduct.Version.five, .twenty])
    func `with its links, not with what they lead to`(version: ScriptedProduct.Version)
        async throws
    {
        let (outcome, rows, targets) = try await copied(
            ScriptedProduct(version: version, events: Self.linked)
        )

        #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
        #expect(rows == Self.linked.map { Migrated.row($0) })
        #expect(!outcome.output.contains("may not be exactly"))
        #expect(targets.contains { $0.hasPrefix("/streams/l/0/forward/4?") } == (version == .five))
    }

    @Test func `and counts the links that 5.x does not tell apart`() async throws {
        let events = Self.linked + [Event("l", 4, "$>", "9@a", isJSON: false)]
        let (outcome, rows, _) = try await copied(ScriptedProduct(version: .five, events: events))

        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(rows.count == Self.linked.count)
        #expect(
            outcome.output.contains(
                "left out, links that lead nowhere, which this source does not tell apart: 1"
            )
        )
    }

    @Test func `of streams that are deleted or truncated, as far as it is shown`() async throws {
        var lost = Event("dead", 0, "")
        (lost.data, lost.isJSON) = ([0xFF], false)
        let link = Event("cut", 0, "$>", "0@a", isJSON: false, metadata: "{}")
        let product = ScriptedProduct(
            version: .five,
            events: [
                Event("a", 0, "{}"), lost, Event("dead", 1, "clear text", isJSON: false),
                Event("dead", .max, "$streamDeleted", "", isJSON: false), link,
                Event("cut", 1, "{\"still\":1}"),
            ],
            tombstoned: ["dead"],
            firstNumbers: ["cut": 1]
        )
        let (outcome, rows, _) = try await copied(product)

        #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
        #expect(rows.count == 6)
        #expect(rows[1] == Migrated.row(lost, data: "\u{FFFD}"))
        #expect(rows[2] == Migrated.row(product.events[2]))
        #expect(rows[3].hasPrefix("dead|2|$streamDeleted|"))
        #expect(rows[4].hasPrefix("cut|0|$>|") && rows[4].hasSuffix("|304061|7B7D"))
        #expect(!rows[4].contains(link.id))
        #expect(outcome.output.contains("events that may not be exactly those of the source: 2"))
        #expect(outcome.output.contains("  0@dead: its data"))
        #expect(outcome.output.contains("  0@cut: its id"))
    }

    @Test func `and moves numbers where events are scavenged`() async throws {
        let cut = Event("$$s", 3, "$metadata", "{\"x\":1, \"$tb\":7 ,\"y\":2}")
        let early = Event("$$late", 0, "$metadata", "{\"$tb\":4}")
        let events = [
            Event("s", 5, "{}"), Event("s", 6, "{}"), Event("s", 7, "{}"), cut,
            Event("s", 9, "{}"), Event("l", 0, "$>", "7@s", isJSON: false), early,
            Event("late", 4, "{}"), Event("$$none", 0, "$metadata", "{\"$tb\":9}"),
            Event("$$del", 0, "$metadata", "{\"$tb\":9223372036854775807}"),
            Event("g", 0, "{}"), Event("g", 2, "{}"),
        ]
        let (outcome, rows, _) = try await copied(
            ScriptedProduct(version: .twenty, events: events)
        )

        #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
        let expected = [
            Migrated.row(events[0], number: 0), Migrated.row(events[1], number: 1),
            Migrated.row(events[2], number: 2),
            Migrated.row(cut, number: 0, data: "{\"x\":1, \"$tb\":2 ,\"y\":2}"),
            Migrated.row(events[4], number: 3), Migrated.row(events[5]),
            Migrated.row(early, data: "{\"$tb\":0}"), Migrated.row(events[7], number: 0),
            Migrated.row(events[8]), Migrated.row(events[9]), Migrated.row(events[10]),
            Migrated.row(events[11], number: 1),
        ]
        #expect(rows == expected)
        for sentence in [
            "or had, first events: 2", "  s: 5 is 0 here", "  late: 4 is 0 here",
            "after which numbers are others: 2", "  s: before 9, which is 3 here",
            "  g: before 2, which is 1 here",
            "metadata with $tb in the numbers of the target: 2", "  3@$$s: $tb is 2 here",
            "may hide other events than before: 1", "  0@$$none: $tb 9",
            "which are as they were: 1", "  0@l leads to 7@s",
        ] {
            #expect(outcome.output.contains(sentence), "\(sentence): \(outcome.output)")
        }
    }

    @Test func `again where it is busy or breaks off`() async throws {
        let product = ScriptedProduct(version: .twenty, events: Self.mixed)
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            let turns = Turns()
            try await ScriptedServer.run(answering: { request in
                switch await turns.next() % 4 {
                case 0: [.answer(503)]
                case 1: [.answer(408)]
                case 2: [.close]
                default: product.answer(request)
                }
            }) { source in
                let outcome = try await Migrated.migrate(
                    source.address,
                    target,
                    folder,
                    "--retry-min",
                    "1ms"
                )
                #expect(outcome.status == 0, "\(outcome.error)")
            }
            #expect(try await Migrated.rows(target.store) == Self.mixed.map { Migrated.row($0) })
        }
    }
}

/// Counts requests.
private actor Turns {
    private var count = -1

    func next() -> Int {
        count += 1
        return count
    }
}

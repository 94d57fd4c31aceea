import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Eventfeed parked` {
    /// Nobody knows what cake costs: event 3 cannot be applied, and event 5 is of the same stream.
    private static let lines = [
        Tabs.price("soup", 4), Tabs.order("soup", tab: 1), Tabs.order("cake", tab: 2),
        Tabs.order("soup", tab: 1), Tabs.order("soup", tab: 2), Tabs.order("soup", tab: 3),
    ].joined()
    private static let reason = "NOT NULL constraint failed: item.amount"

    private struct Stream: Decodable {
        let stream: String
        let events: Int
        let first: Int
        let type: String
        let tries: Int
        let parkedAt: String
        let reason: String
    }

    /// Runs `body` with a read model that has parked events 3 and 5.
    private func withParked(_ body: (Workshop, _ projection: String) async throws -> Void)
        async throws
    {
        try await Workshop.with(Self.lines) { shop in
            let file = try shop.projection(Tabs.projection())
            let parked = try await shop.catchUp("--projection", file, "--on-failure", "park")
            #expect(parked.status == 79)
            #expect(parked.error.contains("parked: read model tabs failed at event 3"))
            #expect(parked.error.contains("eventfeed parked list \(shop.file)"), "\(parked.error)")
            try await body(shop, file)
        }
    }

    private func streams(_ shop: Workshop) async throws -> [Stream] {
        let list = try await Command.run("parked", "list", shop.file, "--json")
        #expect(list.status == 0, "\(list.error)")
        return try list.output.split(separator: "\n").map {
            try JSONDecoder().decode(Stream.self, from: Data($0.utf8))
        }
    }

    @Test func `lists and shows what is set aside, and the others go on`() async throws {
        try await withParked { shop, _ in
            #expect(try await shop.rows("SELECT number FROM item") == ["2", "4", "6"])

            let streams = try await streams(shop)
            let list = try await Command.run("parked", "list", shop.file)
            let show = try await Command.run("parked", "show", shop.file, "tab-2")
            let one = try await Command.run("parked", "show", shop.file, "--number", "5")
            let none = try await Command.run("parked", "show", shop.file, "tab-1")
            let both = try await Command.run("parked", "show", shop.file, "tab-2", "--number", "3")

            let stream = try #require(streams.first)
            #expect(streams.count == 1)
            #expect(stream.stream == "tab-2" && stream.events == 2 && stream.first == 3)
            #expect(stream.type == "Ordered" && stream.tries == 1)
            #expect(stream.reason.contains(Self.reason) && stream.parkedAt.hasSuffix("Z"))
            #expect(list.status == 0)
            #expect(list.output.contains("since event  3\n") && list.output.contains(Self.reason))
            let lines = show.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines[0].hasPrefix("{\"number\":3,\"stream\":\"tab-2\",\"version\":1,"))
            #expect(lines[1].hasSuffix("\"data\":{\"dish\":\"soup\"}}"))
            // Only the one that failed has a reason; the other waits behind it.
            #expect(show.error.hasPrefix("3: ") && show.error.contains(Self.reason))
            #expect(!show.error.contains("5: "))
            #expect(one.output.hasPrefix("{\"number\":5,") && one.error.isEmpty)
            #expect(none.status == 0 && none.output.isEmpty)
            #expect(both.status == 64)
        }
    }

    @Test func `is told by the status, and by its exit`() async throws {
        try await withParked { shop, _ in
            let status = try await Command.run("status", shop.file)
            let standing = try await shop.status()

            #expect(status.status == 79)
            #expect(status.output.contains("parked       2 events of 1 streams"))
            #expect(status.error.contains("eventfeed parked list \(shop.file)"))
            #expect(standing.parkedEvents == 2 && standing.parkedStreams == 1)
            #expect(standing.checkpoint == 6 && standing.lag == 0)
        }
    }

    @Test func `keeps a stream set aside over restarts, whatever the policy is then`() async throws
    {
        try await withParked { shop, file in
            try await shop.append(Tabs.order("soup", tab: 2) + Tabs.order("soup", tab: 4))

            let again = try await shop.catchUp("--projection", file)

            #expect(again.status == 79, "\(again.error)")
            #expect(try await shop.rows("SELECT number FROM item") == ["2", "4", "6", "8"])
            #expect(try await streams(shop).map(\.events) == [3])
        }
    }

    @Test func `retries in order, while nobody subscribes`() async throws {
        try await withParked { shop, file in
            let early = try await Command.run("parked", "retry", shop.file, "tab-2")
            #expect(early.status == 79)
            #expect(early.output == "0 applied, 2 still parked\n")
            #expect(early.error.contains(Self.reason))
            #expect(try await streams(shop).map(\.tries) == [2])

            try await shop.append(Tabs.price("cake", 3))
            #expect(try await shop.catchUp("--projection", file).status == 79)
            let retried = try await Command.run("parked", "retry", shop.file)

            #expect(retried.status == 0, "\(retried.error)")
            #expect(retried.output == "2 applied, 0 still parked\n")
            #expect(
                try await shop.rows("SELECT number, amount FROM item")
                    == ["2|4", "3|3", "4|4", "5|4", "6|4"]
            )
            #expect(try await Command.run("status", shop.file).status == 0)
            let list = try await Command.run("parked", "list", shop.file)
            #expect(list.output == "nothing is parked in \(shop.file)\n")
            #expect(try await shop.catchUp("--projection", file).status == 0)
        }
    }

    @Test func `retries and discards through the subscriber that runs`() async throws {
        let more = Tabs.order("cake", tab: 4) + Tabs.order("soup", tab: 4)
        try await Workshop.with(Self.lines + more) { shop in
            let file = try shop.projection(Tabs.projection())
            try await shop.following("--projection", file, "--on-failure", "park") { follower in
                try await shop.wait(for: 8)
                #expect(try await shop.status().process == follower.id)
                #expect(try await streams(shop).map(\.stream) == ["tab-2", "tab-4"])

                let early = try await Command.run("parked", "retry", shop.file, "tab-2")
                let discarded = try await Command.run(
                    "parked",
                    "discard",
                    shop.file,
                    "--number",
                    "7",
                    "--yes"
                )
                try await shop.append(Tabs.price("cake", 3))
                try await shop.wait(for: 9)
                let retried = try await Command.run("parked", "retry", shop.file)

                #expect(early.status == 79 && early.error.contains(Self.reason))
                #expect(discarded.status == 0 && discarded.output == "1 discarded\n")
                #expect(retried.status == 0 && retried.output == "3 applied, 0 still parked\n")
                #expect(follower.isRunning)
                #expect(
                    try await shop.rows("SELECT number FROM item ORDER BY number")
                        == ["2", "3", "4", "5", "6", "8"]
                )
                follower.send(SIGTERM)
                let ended = try await follower.outcome()
                #expect(ended.status == 0, "\(ended.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: shop.file + ".requests"))
        }
    }

    @Test func `ends a subscriber that is stopped with status 79 while something is parked`()
        async throws
    {
        try await Workshop.with(Self.lines) { shop in
            let file = try shop.projection(Tabs.projection())
            try await shop.following("--projection", file, "--on-failure", "park") { follower in
                try await shop.wait(for: 6)
                follower.send(SIGTERM)

                #expect(try await follower.outcome().status == 79)
            }
        }
    }

    @Test func `asks before it discards, and keeps a record`() async throws {
        try await withParked { shop, file in
            let asked = try await Command.run("parked", "discard", shop.file)
            #expect(asked.status == 64)
            #expect(asked.error.contains("--yes"))
            #expect(try await streams(shop).map(\.events) == [2])

            let one = try await Command.run("parked", "discard", shop.file, "--number", "3", "-y")
            #expect(one.status == 0 && one.output == "1 discarded\n", "\(one.error)")
            // What waited behind it can be applied now, and until then the stream stays parked.
            #expect(try await streams(shop).map(\.first) == [5])
            #expect(try await shop.rows("SELECT number FROM eventfeed_discarded") == ["3"])
            let retried = try await Command.run("parked", "retry", shop.file)
            #expect(retried.status == 0, "\(retried.error)")
            #expect(try await shop.rows("SELECT number FROM item") == ["2", "4", "5", "6"])

            let none = try await Command.run("parked", "discard", shop.file, "--yes")
            #expect(none.status == 66)
            #expect(try await shop.catchUp("--projection", file).status == 0)
        }
    }
}

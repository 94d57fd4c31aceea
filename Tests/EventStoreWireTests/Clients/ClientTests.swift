import EventTesting
import Testing

/// The product's clients at work.
struct ClientTests {
    @Test(arguments: Way.allCases, [1, 20, 21, 47])
    func `a reader sees every event once and in order`(_ way: Way, _ count: Int) async throws {
        try await way.withClient { client in
            try await client.fill("s", count)
            var reader = ReadingClient(client, embed: "body")
            try await reader.catchUp(from: "/streams/s")
            #expect(reader.entries.map(\.eventNumber) == (0..<Int64(count)).map(Optional.some))
            #expect(
                try reader.entries.map { try JSONValue($0.data ?? "")["n"] }
                    == (0..<count).map { .number(Double($0)) }
            )

            let again = try await reader.backwards(from: "/streams/s")
            #expect(again.map(\.id) == reader.entries.map(\.id).reversed())

            try await client.fill("s", 3)
            try await reader.goOn()
            #expect(reader.entries.count == count + 3)
            let before = reader.newest
            try await reader.goOn()
            #expect(reader.entries.count == count + 3)
            #expect(reader.newest == before)
        }
    }

    @Test(arguments: Way.allCases)
    func `a reader who waits is told at once`(_ way: Way) async throws {
        try await way.withClient { client in
            try await client.fill("s", 2)
            let entries = try await withDeadline("the poll", of: .seconds(60)) {
                try await withThrowingTaskGroup(of: [ShownFeed.Entry].self) { group in
                    group.addTask {
                        var reader = ReadingClient(client, embed: "tryharder")
                        try await reader.catchUp(from: "/streams/s")
                        while reader.entries.count < 5 { try await reader.poll(seconds: 30) }
                        return reader.entries
                    }
                    for _ in 0..<3 { try await client.fill("s", 1) }
                    return try await group.next() ?? []
                }
            }
            #expect(entries.map(\.title) == (0..<5).map { "\($0)@s" })
        }
    }

    @Test(arguments: Way.allCases)
    func `a reader of a truncated stream sees what is left`(_ way: Way) async throws {
        try await way.withClient { client in
            try await client.fill("s", 70)
            let answer = try await client.postSingle(
                "/streams/s/metadata",
                id: newID(),
                type: nil,
                #"{"$tb":65}"#
            )
            #expect(answer.status == 201)
            // Everything that is left stands on the head, which then has no older page.
            var reader = ReadingClient(client, embed: "rich")
            try await reader.catchUp(from: "/streams/s/0/forward/20")
            #expect(reader.entries.map(\.eventNumber) == [65, 66, 67, 68, 69])
        }
    }

    @Test(arguments: Way.allCases)
    func `a reader of all streams sees the same both ways`(_ way: Way) async throws {
        try await way.withClient { client in
            for stream in 0..<5 { try await client.fill("s\(stream)", 11) }
            #expect(try await client.delete("s3").status == 204)
            #expect(try await client.delete("s4", isHard: true).status == 204)

            var reader = ReadingClient(client, embed: "tryharder")
            try await reader.catchUp(from: "/streams/$all")
            #expect(reader.entries.count == 57)
            #expect(reader.entries.first?.title == "0@s0")
            #expect(reader.entries.last?.title == "9223372036854775807@s4")
            let backwards = try await reader.backwards(from: "/streams/$all")
            #expect(backwards.map(\.id) == reader.entries.map(\.id).reversed())
            #expect(Set(backwards.map(\.id)).count == 57)

            try await client.fill("s5", 25)
            try await reader.goOn()
            #expect(reader.entries.count == 82)
            #expect(reader.entries.last?.title == "24@s5")
        }
    }

    @Test(arguments: Way.allCases)
    func `a writer without ids writes once`(_ way: Way) async throws {
        try await way.withClient { client in
            let writer = WritingClient(client, stream: "s")
            let first = try await writer.appendWithoutID(#"{"n":1}"#, times: 3)
            let second = try await writer.appendWithoutID(#"{"n":1}"#, times: 2)
            let base = "\(client.transport.origin)/streams/s"
            #expect(first == ["\(base)/0", "\(base)/0", "\(base)/0"])
            #expect(second == ["\(base)/1", "\(base)/1"])
            #expect(try await client.feed("/streams/s").titles == ["1@s", "0@s"])
        }
    }

    @Test(arguments: Way.allCases)
    func `writers who race learn from each other's numbers`(_ way: Way) async throws {
        try await way.withClient { client in
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        var writer = WritingClient(client, stream: "s")
                        var places: [String] = []
                        for _ in 0..<3 {
                            let place = try await writer.appendAfterNewest(BatchEvent())
                            places.append(try #require(place))
                        }
                        return places
                    }
                }
                let places = try await group.reduce(into: []) { $0 += $1 }
                let base = "\(client.transport.origin)/streams/s"
                #expect(Set(places) == Set((0..<9).map { "\(base)/\($0)" }))
            }
            var late = WritingClient(client, stream: "s")
            _ = try await late.appendAfterNewest(BatchEvent())
            #expect(late.conflicts == 1)
            #expect(late.newest == 9)
        }
    }
}

import EventModel
import FeedPages
import Testing

@testable import FeedReading

@Suite struct `What is delivered at a time` {
    /// An event whose values are said to have a length, at an address of their own.
    private func entry(_ number: Int, length: String) throws -> ParsedEntry {
        let digest = String(repeating: "a", count: 64)
        let value = ["data", "metadata"].map { name in
            """
            "\(name)Src":"\(name)/\(number)","\(name)Length":\(length),"\(name)Digest":"\(digest)"
            """
        }
        let id = "00000000-0000-4000-8000-00000000000\(number)"
        let text = """
            {"id":"urn:uuid:0b6ffb5e-7a6c-4b39-9d2f-5a1c8f0e4d21","title":"","feed":{\
            "epoch":"0b6ffb5e-7a6c-4b39-9d2f-5a1c8f0e4d21","format":1,"pageSize":10,"head":9,\
            "after":\(number - 1),"scannedTo":\(number),"chainAfter":"\(digest)",\
            "chain":"\(digest)"},"links":{},"events":[{"number":\(number),"stream":"s",\
            "version":1,"type":"T","id":"\(id)","recordedAt":"2026-01-01T00:00:01.500001Z",\
            "mediaType":"a/b","metadataMediaType":"a/b",\(value.joined(separator: ","))}]}

            """
        return try #require(try ParsedFeed.parse(Array(text.utf8), .json).entries.first)
    }

    @Test func `may be said to be of any length`() throws {
        let longest = try entry(1, length: String(Int.max))
        let short = try entry(2, length: "1")
        var budget = DeliveryBudget(events: 10)
        // The first always fits, whatever it says: fetching it is what finds out.
        #expect(taken([longest, longest], within: &budget) == [true, false])
        #expect(budget.isFull)
        #expect(taken([short], within: &budget) == [false])
        var other = DeliveryBudget(events: 10)
        #expect(taken([short, longest, short], within: &other) == [true, false, true])
    }

    private func taken(_ entries: [ParsedEntry], within budget: inout DeliveryBudget) -> [Bool] {
        entries.map { budget.take($0) }
    }
}

import EventModel
import EventTesting
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The queue before the writer` {
    @Test func `hands out groups of 1,024 appends at the most, in order of arrival`() async throws {
        let queue = AppendQueue()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in 0..<1_500 {
                let batch = try AppendBatch([try Sample.event(json: "\(place)")])
                group.addTask { _ = try await queue.wait(with: batch) {} }
                if place < 3 {
                    try await eventually("append \(place)") { queue.count == place + 1 }
                }
            }
            try await eventually("a long queue") { queue.count == 1_500 }

            let first = try #require(queue.takeGroup())
            let second = try #require(queue.takeGroup())

            #expect(first.count == 1_024)
            #expect(second.count == 476)
            let data = first.prefix(3).map { $0.batch.events[0].data }
            #expect(data == [.json("0"), .json("1"), .json("2")])
            #expect(queue.takeGroup() == nil)
            for waiting in first + second {
                waiting.continuation.resume(throwing: EventStoreError(.closed, "the end"))
            }
            while let result = await group.nextResult() {
                #expect(throws: EventStoreError.self) { try result.get() }
            }
        }
    }

    @Test func `calls for a writer once, and again when that one has gone`() async throws {
        let queue = AppendQueue()
        let answer = AppendResult(
            first: EventNumber(1),
            last: EventNumber(1),
            versions: [:],
            wasAlreadyRecorded: false
        )
        for _ in 1...3 {
            let batch = try AppendBatch([try Sample.event()])
            let result = try await queue.wait(with: batch) {
                while let group = queue.takeGroup() {
                    for waiting in group { waiting.continuation.resume(returning: answer) }
                }
            }
            #expect(result == answer)
        }
    }
}

import EventModel
import EventTesting
import Testing

@Suite struct `A batch to append` {
    @Test func `needs at least one event`() {
        #expect(throws: InvalidAppend.empty) { try AppendBatch([]) }
    }

    @Test func `has at most 10,000 events`() throws {
        #expect(try AppendBatch(try Sample.events(10_000)).events.count == 10_000)
        let error = LimitExceeded(field: "append", limit: 10_000, actual: 10_001, unit: "events")
        #expect(throws: error) { try AppendBatch(try Sample.events(10_001)) }
    }

    @Test func `has at most 16 MiB of data and metadata`() throws {
        let quarter = try large(4 << 20)
        let batch = try AppendBatch([quarter(), quarter(), quarter(), quarter()])
        #expect(batch.byteCount == 16 << 20)

        let error = LimitExceeded(field: "append", limit: 16 << 20, actual: 16 << 20 + 1)
        let one = try large(1)
        #expect(throws: error) {
            try AppendBatch([quarter(), quarter(), quarter(), quarter(), one()])
        }
    }

    @Test func `names the event whose data is too large`() throws {
        let tooLarge = try large(4 << 20 + 1)
        let error = LimitExceeded(
            field: "data",
            limit: 4 << 20,
            actual: 4 << 20 + 1,
            eventIndex: 1
        )

        #expect(throws: error) { try AppendBatch([try Sample.event(), tooLarge()]) }
    }

    @Test func `expects nothing of a stream that gets no event`() throws {
        let stranger = try StreamName("other-1")

        #expect(throws: InvalidAppend.expectationWithoutEvent(stranger)) {
            try AppendBatch([try Sample.event()], expecting: [stranger: .none])
        }
    }

    @Test func `is checked again against the lower limits of a store`() throws {
        let batch = try AppendBatch(try Sample.events(3))
        let limits = Limits(dataBytes: 9, metadataBytes: 9, eventsPerAppend: 2, bytesPerAppend: 99)

        let error = LimitExceeded(field: "append", limit: 2, actual: 3, unit: "events")
        #expect(throws: error) { try batch.check(against: limits) }
    }

    @Test func `has limits that can be lowered and not raised`() {
        let limits = Limits(
            dataBytes: .max,
            metadataBytes: 0,
            eventsPerAppend: .max,
            bytesPerAppend: -5
        )

        #expect(limits.dataBytes == Limits.standard.dataBytes)
        #expect(limits.metadataBytes == 1)
        #expect(limits.eventsPerAppend == Limits.standard.eventsPerAppend)
        #expect(limits.bytesPerAppend == 1)
    }

    /// Makes events of a size, each with an id of its own.
    private func large(_ bytes: Int) throws -> () -> NewEvent {
        let stream = try StreamName("sample-1")
        let type = try EventType("Large")
        let data = Payload([UInt8](repeating: 0, count: bytes), mediaType: .octetStream)
        return { NewEvent(stream: stream, type: type, data: data) }
    }
}

@Suite struct `The choices for a new store` {
    @Test(arguments: [10, 11, 100, 499, 500])
    func `allow page sizes from 10 to 500`(_ size: Int) throws {
        #expect(try StoreCreation(pageSize: size).pageSize == size)
    }

    @Test(arguments: [Int.min, -1, 0, 1, 9, 501, Int.max])
    func `refuse other page sizes`(_ size: Int) {
        #expect(throws: InvalidCreation.pageSize(size)) { try StoreCreation(pageSize: size) }
    }

    @Test func `refuse texts that are no names, saying which`() {
        #expect(throws: InvalidCreation.title("", .empty)) { try StoreCreation(title: "") }
        #expect(throws: InvalidCreation.author(" x", .surroundingSpace)) {
            try StoreCreation(author: " x")
        }
    }
}

import Crypto
import EventModel
import Testing

/// The chain as the wire's specification words it, written without the code of `EventModel`.
struct IndependentChain {
    private(set) var bytes = Array(SHA256.hash(data: Array("eventfeed-1".utf8)))

    mutating func append(_ event: RecordedEvent) {
        var content = SHA256()
        for part in [
            Array(event.stream.text.utf8), Array(event.type.text.utf8), event.id.uuid.bytes,
            Array(event.data.mediaType.text.utf8), Array(SHA256.hash(data: event.data.bytes)),
            Array((event.metadata?.mediaType.text ?? "").utf8),
            Array(SHA256.hash(data: event.metadata?.bytes ?? [])),
        ] {
            content.update(data: Self.eightBytes(Int64(part.count)) + part)
        }
        var hash = SHA256()
        hash.update(data: bytes)
        hash.update(data: Self.eightBytes(event.number.rawValue))
        hash.update(data: Self.eightBytes(event.version.rawValue))
        hash.update(data: Self.eightBytes(event.recordedAt.microseconds))
        hash.update(data: Array(content.finalize()))
        bytes = Array(hash.finalize())
    }

    private static func eightBytes(_ value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * Int64($0))) }
    }
}

extension EventStoreContract {
    static let chain = [
        EventStoreCase("the chain is what the specification computes, at every number") { run in
            try await run.append([try Sample.event("a-1"), try Sample.event("b-1")])
            for payload in Sample.awkwardPayloads {
                let sample = try Sample.event("a-1")
                try await run.append([
                    NewEvent(
                        stream: sample.stream,
                        type: sample.type,
                        data: payload,
                        metadata: .json("{\"a\":1}")
                    )
                ])
            }

            var chain = IndependentChain()
            for event in try await run.history() {
                let before = chain.bytes
                chain.append(event)
                let batch = try await run.store.read(
                    after: EventNumber(event.number.rawValue - 1),
                    limit: 1
                )
                #expect(batch.chainAfter.bytes == before)
                #expect(batch.chain.bytes == chain.bytes)
            }
            #expect(try await run.store.head().chain.bytes == chain.bytes)
        },
        EventStoreCase("a repetition and a conflict leave the chain as it was") { run in
            let event = try Sample.event()
            try await run.append([event])
            let before = try await run.store.head()

            try await run.append([event])
            await #expect(throws: VersionConflict.self) {
                try await run.append([try Sample.event()], expecting: .none)
            }

            #expect(try await run.store.head() == before)
        },
    ]
}

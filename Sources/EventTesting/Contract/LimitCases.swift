import EventModel
import Testing

extension EventStoreContract {
    private static let low = Limits(
        dataBytes: 100,
        metadataBytes: 40,
        eventsPerAppend: 4,
        bytesPerAppend: 300
    )

    private static func event(data: Int, metadata: Int? = nil) throws -> NewEvent {
        let json = Array("{\"\"".utf8) + Array("}".utf8)
        return NewEvent(
            stream: try StreamName("sample-1"),
            type: try EventType("Happened"),
            data: Payload([UInt8](repeating: 7, count: data), mediaType: .octetStream),
            metadata: metadata.map { count in
                // A JSON object of exactly that many bytes.
                Payload(
                    Array("{".utf8) + [UInt8](repeating: 0x20, count: max(0, count - 2))
                        + json.suffix(1),
                    mediaType: .json
                )
            }
        )
    }

    /// Appends at the limit, which are taken, and just beyond it, with what must be said.
    private static let boundaries:
        [(String, events: [(data: Int, metadata: Int?)], LimitExceeded?)] = [
            ("data at the limit is taken", [(100, nil)], nil),
            (
                "data one byte beyond the limit is refused", [(1, nil), (101, nil)],
                LimitExceeded(field: "data", limit: 100, actual: 101, eventIndex: 1)
            ),
            ("metadata at the limit is taken", [(0, 40)], nil),
            (
                "metadata one byte beyond the limit is refused", [(0, 41)],
                LimitExceeded(field: "metadata", limit: 40, actual: 41, eventIndex: 0)
            ),
            ("events at the limit are taken", [(1, nil), (1, nil), (1, nil), (1, nil)], nil),
            (
                "one event beyond the limit is refused",
                [(1, nil), (1, nil), (1, nil), (1, nil), (1, nil)],
                LimitExceeded(field: "append", limit: 4, actual: 5, unit: "events")
            ),
            ("bytes of an append at the limit are taken", [(100, 40), (100, nil), (60, nil)], nil),
            (
                "an append one byte beyond the limit is refused",
                [(100, 40), (100, nil), (61, nil)],
                LimitExceeded(field: "append", limit: 300, actual: 301)
            ),
        ]

    static let limits = boundaries.map { name, sizes, error in
        EventStoreCase(name, needs: .limits, limits: low) { run in
            // Checked against the highest limits here, so that the store must check again.
            let batch = try AppendBatch(
                try sizes.map { try event(data: $0.data, metadata: $0.metadata) }
            )

            if let error {
                await #expect(throws: error) { try await run.store.append(batch) }
                #expect(try await run.store.head() == .empty)
            } else {
                let result = try await run.store.append(batch)
                #expect(result.last.rawValue == sizes.count)
            }
        }
    }
}

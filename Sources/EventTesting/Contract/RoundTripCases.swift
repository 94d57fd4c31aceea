import EventModel
import Testing

extension EventStoreContract {
    static let roundTrips: [EventStoreCase] =
        Sample.awkwardPayloads.enumerated().map { place, payload in
            EventStoreCase("awkward data \(place + 1) (\(payload.mediaType)) leaves as it came") {
                run in
                let event = NewEvent(
                    stream: try StreamName("sample-1"),
                    type: try EventType("Happened"),
                    data: payload
                )

                try await run.append([event])

                #expect(try await run.history().map(\.event) == [event])
                #expect(try await run.store.event(EventNumber(1))?.event == event)
            }
        } + metadata + [
            EventStoreCase("names keep every character that names may have") { run in
                let events = try [
                    "a/b c?d#e%2F\"'<>&", "💥-\u{10FFFF}", "..x", "-", "--", "\u{202E}ltr",
                    "e\u{301}", "\u{E9}", String(repeating: "\u{E9}", count: 256), "\\\u{301}",
                ].map { try Sample.event($0, type: $0) }

                try await run.append(events, expecting: .none)

                #expect(try await run.history().map(\.event) == events)
                for event in events {
                    let slice = try await run.store.readStream(
                        event.stream,
                        .newest,
                        limit: ReadLimit(events: 10)
                    )
                    #expect(slice.events.map(\.event) == [event])
                }
            },
            EventStoreCase("ids of every UUID version are kept") { run in
                let ids = [
                    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "F47AC10B-58CC-4372-A567-0E02B2C3D479",
                ]
                let sample = try Sample.event()
                let events = try ids.map { text in
                    NewEvent(
                        id: try #require(EventID(text)),
                        stream: sample.stream,
                        type: sample.type,
                        data: sample.data
                    )
                }

                try await run.append(events)

                #expect(try await run.history().map(\.id) == events.map(\.id))
            },
            EventStoreCase("data of a megabyte leaves as it came") { run in
                var generator = SeededGenerator(seed: 1)
                let bytes = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
                let sample = try Sample.event()
                let event = NewEvent(
                    stream: sample.stream,
                    type: sample.type,
                    data: Payload(bytes, mediaType: .octetStream)
                )

                try await run.append([event])

                #expect(try await run.store.event(EventNumber(1))?.data == event.data)
            },
        ]

    private static let metadata =
        [
            EventStoreCase("a JSON object as metadata leaves as it came") { run in
                let event = try event(
                    metadata: .json("{ \"$correlationId\" : \"\\u00e9\", \"n\":1.0}")
                )
                try await run.append([event])
                #expect(try await run.history().map(\.event) == [event])
            },
            EventStoreCase(
                "absent metadata stays absent and empty metadata stays",
                needs: .anyMetadata
            ) { run in
                let events = [
                    try event(metadata: nil), try event(metadata: Payload([], mediaType: .json)),
                    try event(metadata: Payload([], mediaType: .octetStream)),
                ]
                try await run.append(events)
                #expect(try await run.history().map(\.event) == events)
            },
        ]
        + Sample.awkwardPayloads.enumerated().map { place, payload in
            EventStoreCase(
                "awkward metadata \(place + 1) (\(payload.mediaType)) leaves as it came",
                needs: .anyMetadata
            ) { run in
                let event = try event(metadata: payload)
                try await run.append([event])
                #expect(try await run.history().map(\.event) == [event])
            }
        }

    private static func event(metadata: Payload?) throws -> NewEvent {
        NewEvent(
            stream: try StreamName("sample-1"),
            type: try EventType("Happened"),
            data: .json("{}"),
            metadata: metadata
        )
    }
}

import EventModel
import Testing

extension EventStoreContract {
    /// Texts that say nothing about a stream, whatever else stands in them.
    private static let meaningless = [
        "", "not JSON", "[]", "null", "{\"$tb\":2", "{\"$tb\":2}x", "{\"$maxCount\":0}",
        "{\"$maxCount\":-1}", "{\"$maxCount\":1.0}", "{\"$maxCount\":\"1\"}",
        "{\"$maxCount\":9223372036854775808}", "{\"$tb\":2,\"$maxAge\":0}",
        "{\"$tb\":2,\"$maxAge\":922337203686}", "{\"$tb\":-1}", "{\"$tb\":null}",
        "{\"$tb\":2,\"$cacheControl\":true}", "{\"$tb\":2,\"$acl\":[]}",
        "{\"$tb\":2,\"$acl\":{\"$r\":1}}", "{\"$tb\":2,\"$acl\":{\"$r\":[1]}}",
    ]

    static let streamMetadata =
        meaningless.map { text in
            EventStoreCase("the metadata \(text.debugDescription) says nothing") { run in
                try await run.append(try Sample.events(3))
                try await run.say(text, of: "sample-1")

                #expect(try await run.versions(of: "sample-1") == [1, 2, 3])
                let state = try await run.state(of: "sample-1")
                #expect(state.metadata == StreamMetadata())
                #expect(state.metadataVersion == StreamVersion(1))
            }
        } + [
            EventStoreCase("all that is said about a stream is in its state") { run in
                try await run.append(try Sample.events(3))
                try await run.say(
                    #"""
                    {"$maxCount": 2, "other": {"$tb": 9}, "$maxAge": 60, "$tb": 1,
                     "$cacheControl":7,
                     "$acl": {"$r": "ann", "$w": ["ann", "$\u0061dmins"], "$d": [], "x": 1}}
                    """#,
                    of: "sample-1"
                )

                let state = try await run.state(of: "sample-1")

                var metadata = StreamMetadata()
                metadata.maximumCount = 2
                metadata.maximumAge = .seconds(60)
                metadata.truncatedThrough = StreamVersion(1)
                metadata.cacheSeconds = 7
                var list = StreamAccessList()
                (list.read, list.write, list.delete) = (["ann"], ["ann", "$admins"], [])
                metadata.accessList = list
                let expected = StreamState(
                    version: StreamVersion(3),
                    firstLive: StreamVersion(2),
                    condition: .open,
                    metadataVersion: StreamVersion(1),
                    metadata: metadata
                )
                #expect(state == expected)
                let slice = try await run.store.readStream(
                    try StreamName("sample-1"),
                    .newest,
                    limit: ReadLimit(events: 1)
                )
                #expect(slice.state == expected)
            },
            EventStoreCase("the newest event of a metadata stream counts, whatever its type") {
                run in
                try await run.append(try Sample.events(3))
                try await run.say("{\"$tb\":1}", of: "sample-1")
                try await run.say("{\"$tb\":2}", of: "sample-1", type: "Other")
                #expect(try await run.versions(of: "sample-1") == [3])
                try await run.say("{}", of: "sample-1")
                #expect(try await run.versions(of: "sample-1") == [1, 2, 3])
            },
            EventStoreCase("of a key that stands there twice the last one counts") { run in
                try await run.append(try Sample.events(3))
                try await run.say("{\"$tb\":2,\"$tb\":1}", of: "sample-1")
                #expect(try await run.versions(of: "sample-1") == [2, 3])
            },
            EventStoreCase("of a metadata stream the newest event alone is read") { run in
                for count in 1...3 { try await run.say("{\"$maxCount\":\(count)}", of: "a") }
                #expect(try await run.versions(of: "$$a") == [3])
                #expect(try await run.versions(of: "$$a", .before(StreamVersion(3))).isEmpty)
                let state = try await run.state(of: "$$a")
                #expect(state.version == StreamVersion(3))
                #expect(state.firstLive == StreamVersion(3))
                #expect(state.metadataVersion == .empty)
            },
            EventStoreCase("nothing can be said about a metadata stream") { run in
                try await run.say("{}", of: "a")
                try await run.say("{\"$tb\":9223372036854775807}", of: "$$a")
                #expect(try await run.versions(of: "$$a") == [1])
                #expect(try await run.state(of: "a").condition == .open)
            },
            EventStoreCase("something may be said about a stream before its first event") { run in
                try await run.say("{\"$maxCount\":2}", of: "sample-1")
                let state = try await run.state(of: "sample-1")
                #expect(state.version == .empty)
                #expect(state.metadataVersion == StreamVersion(1))
                #expect(state.metadata.maximumCount == 2)
                try await run.append(try Sample.events(3))
                #expect(try await run.versions(of: "sample-1") == [2, 3])
            },
        ]
}

import EventModel
import Testing

@Suite struct `A UUID` {
    @Test(arguments: [
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "01234567-89ab-cdef-0123-456789abcdef",
    ])
    func `is written as it was read, in lower case`(_ text: String) throws {
        #expect(try #require(UUIDBytes(text)).description == text)
        #expect(try #require(UUIDBytes(text.uppercased())).description == text)
    }

    @Test(arguments: [
        "", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8a",
        "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
        "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4_00c04fd430c8",
        "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b81-09dad-11d1-80b4-00c04fd430c8",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c\u{661}", " 6ba7b810-9dad-11d1-80b4-00c04fd430c",
        "6ba7b810-9dad-11d1-80b4-00c04fd430\u{E9}", "------------------------------------",
    ])
    func `is not read from anything else`(_ text: String) {
        #expect(UUIDBytes(text) == nil)
        #expect(EventID(text) == nil)
        #expect(Epoch(text) == nil)
    }

    @Test func `has 16 bytes in network order`() throws {
        let uuid = try #require(UUIDBytes("00010203-0405-0607-0809-0a0b0c0d0e0f"))

        #expect(uuid.bytes == Array(0...15))
        #expect(UUIDBytes(bytes: Array(0...15)) == uuid)
        for count in [0, 1, 15, 17] {
            #expect(UUIDBytes(bytes: Array(repeating: 0, count: count)) == nil)
        }
    }

    @Test func `sorts by its bytes`() throws {
        let texts = [
            "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-8000-000000000000",
            "00000000-0000-0001-0000-000000000000", "80000000-0000-0000-0000-000000000000",
        ]
        let uuids = try texts.map { try #require(UUIDBytes($0)) }

        #expect(uuids.reversed().sorted() == uuids)
    }

    /// The first is RFC 9562 appendix A.4, the others come from Python's `uuid.uuid5`.
    @Test(arguments: [
        (
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com",
            "2ed6657d-e927-568b-95e1-2665a8aea6a2"
        ),
        (
            "6ba7b811-9dad-11d1-80b4-00c04fd430c8", "http://example.com/\u{E9}",
            "b4227355-a932-55b8-a997-0c7e5b3aaf10"
        ),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "", "4ebd0208-8328-5d69-8c44-ec50939c0967"),
        (
            "95f9c9e1-77f1-4ab3-b069-d21fa1f62868", "stream=tab-1",
            "5ec8bcb5-78cc-5860-82f3-caa4971e76c2"
        ),
    ])
    func `derived from a name is the one of every implementation`(
        namespace: String,
        name: String,
        uuid: String
    ) throws {
        let namespace = try #require(UUIDBytes(namespace))

        #expect(EventID.derived(from: name.utf8, in: namespace).description == uuid)
    }

    @Test func `that is time-ordered begins with its milliseconds`() throws {
        // RFC 9562 appendix A.6: 2022-02-22T19:22:22Z.
        let instant = try #require(Timestamp(rfc3339: "2022-02-22T19:22:22.000Z"))

        let text = EventID.timeOrdered(at: instant).description

        #expect(text.hasPrefix("017f22e2-79b0-7"))
        #expect(["8", "9", "a", "b"].contains(String(text.dropFirst(19).prefix(1))))
    }

    @Test func `that is time-ordered sorts by its time to the microsecond`() {
        let start = Timestamp.now().microseconds
        let ids = (0..<3_000).map {
            EventID.timeOrdered(at: Timestamp(microseconds: start + Int64($0)))
        }

        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test func `that is time-ordered can be made before 1970`() {
        let id = EventID.timeOrdered(at: Timestamp(microseconds: -1))

        #expect(id.description.hasPrefix("00000000-0000-7000-"))
    }

    @Test func `that is random differs from all others and says so`() {
        let epochs = (0..<1_000).map { _ in Epoch.random() }

        #expect(Set(epochs).count == epochs.count)
        for epoch in epochs.prefix(20) {
            #expect(epoch.description.dropFirst(14).first == "4")
            #expect(["8", "9", "a", "b"].contains(epoch.description.dropFirst(19).first))
        }
    }

    @Test func `of an epoch is shortened to its first twelve digits`() throws {
        let epoch = try #require(Epoch("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"))

        #expect(epoch.shortForm == "6ba7b8109dad")
    }
}

@Suite struct `Hexadecimal digits` {
    @Test func `stand for bytes, in lower case`() {
        #expect(Hex.string(of: [0, 1, 0x9A, 0xFF]) == "00019aff")
        #expect(Hex.string(of: []) == "")
        #expect(Hex.bytes(of: "00019AfF") == [0, 1, 0x9A, 0xFF])
        #expect(Hex.bytes(of: "") == [])
    }

    @Test(arguments: ["0", "0g", " 0", "000", "0x00", "\u{FF10}0", "00\n"])
    func `are not read from anything else`(_ text: String) {
        #expect(Hex.bytes(of: text) == nil)
    }
}

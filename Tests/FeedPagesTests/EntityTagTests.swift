import EventModel
import FeedPages
import Testing

@Suite struct `Entity tags` {
    @Test func `are made of the body, the version and the coding`() {
        let tag = EntityTag(of: Array("abc".utf8))
        #expect(tag.description == "\"ba7816bf8f01cfea414140de5dae2223\"")
        #expect(tag.gzipped == EntityTag(of: Array("abc".utf8), isGzipped: true))
        let stream = EntityTag(of: [], version: StreamVersion(7), isGzipped: true)
        #expect(stream.description == "\"7-e3b0c44298fc1c149afbf4c8996fb924-gzip\"")
        #expect(stream.streamVersion == StreamVersion(7))
        #expect(EntityTag(opaque: "7").streamVersion == StreamVersion(7))
        #expect(EntityTag(opaque: "x7-").streamVersion == nil)
        #expect(EntityTag(opaque: "").streamVersion == nil)
    }

    /// The table of RFC 9110 section 8.8.3.2.
    @Test(arguments: [
        ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true), ("\"1\"", "\"1\"", true, true),
    ])
    func `are compared strongly and weakly`(
        first: String,
        second: String,
        strong: Bool,
        weak: Bool
    ) throws {
        guard case .tags(let left)? = EntityTagCondition(first),
            case .tags(let right)? = EntityTagCondition(second)
        else {
            Issue.record("both are lists of one tag")
            return
        }
        #expect(left[0].matchesStrongly(right[0]) == strong)
        #expect(left[0].matchesWeakly(right[0]) == weak)
        #expect(EntityTagCondition(first)?.namesStrongly(right[0]) == strong)
        #expect(EntityTagCondition(first)?.namesWeakly(right[0]) == weak)
    }

    @Test(arguments: [
        ("\"a\"", ["\"a\""]), ("\"a\", W/\"b\"", ["\"a\"", "W/\"b\""]),
        (" ,, \"a\" ,\t\"b,c\" , ", ["\"a\"", "\"b,c\""]), ("\"\"", ["\"\""]),
        ("\"a\",\"b\"", ["\"a\"", "\"b\""]),
    ])
    func `are read from lists`(field: String, tags: [String]) {
        guard case .tags(let read)? = EntityTagCondition(field) else {
            Issue.record("a list of tags")
            return
        }
        #expect(read.map(\.description) == tags)
    }

    @Test(arguments: [
        "", " ", ",", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "W/a", "W/", "\"a\"b", "\"a b\"",
        "*, \"a\"", "\"a\", *", "**",
    ])
    func `are not read from anything else`(field: String) {
        #expect(EntityTagCondition(field) == nil)
    }

    @Test(arguments: ["*", " * ", "*\t"])
    func `may be any`(field: String) {
        #expect(EntityTagCondition(field) == .any)
        #expect(EntityTagCondition(field)?.namesStrongly(EntityTag(opaque: "x")) == true)
        #expect(EntityTagCondition(field)?.namesWeakly(EntityTag(opaque: "x")) == true)
    }
}

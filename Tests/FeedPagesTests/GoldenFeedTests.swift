import EventModel
import EventTesting
import FeedPages
import Foundation
import Testing

@Suite struct `The golden feeds` {
    @Test(arguments: ["empty", "small"])
    func `are what an export writes`(folder: String) throws {
        let history = folder == "empty" ? try History() : try History.small()
        let files = try export(history)
        if Golden.isUpdating { try Golden.write(files, to: folder) }
        let golden = try Golden.files(folder)
        #expect(Set(golden.keys) == Set(files.keys))
        for (path, bytes) in files {
            let isSame = golden[path] == bytes
            #expect(isSame, "feeds/\(folder)/\(path) differs")
        }
    }

    @Test func `lead from the head to every event`() throws {
        let history = try History.small()
        let files = try Golden.files("small")
        var events: [RecordedEvent] = []
        var chain = ChainDigest.beginning
        let pages = history.layout.completePages(upTo: history.head.number).map {
            "feed/0b6ffb5e7a6c/\($0).atom"
        }
        for path in pages + ["feed.atom"] {
            let feed = try ParsedFeed.parse(try #require(files[path]), .atom)
            #expect(feed.facts.chainAfter == chain)
            #expect(feed.facts.after.rawValue == Int64(events.count))
            let base = path == "feed.atom" ? "" : "feed/0b6ffb5e7a6c/"
            let read = try feed.entries.map { entry in
                let values = entry.outOfLine.map { ($0.kind, files[base + $0.value.reference]) }
                return try entry.recorded(
                    data: values.first { $0.0 == .data }?.1,
                    metadata: values.first { $0.0 == .metadata }?.1
                )
            }
            #expect(feed.facts.chain(over: read) == feed.facts.chain)
            events += read
            chain = feed.facts.chain
        }
        #expect(events == history.events)
        #expect(chain == history.head.chain)
    }

    @Test func `are the same in every form`() throws {
        let files = try Golden.files("small")
        let atom = try ParsedFeed.parse(try #require(files["feed.atom"]), .atom)
        let json = try ParsedFeed.parse(try #require(files["feed.json"]), .json)
        let lines = try #require(files["feed.ndjson"])
        let ndjson = try ParsedFeed.parse(lines: lines, facts: atom.facts)
        #expect(atom.facts == json.facts)
        #expect(atom.entries == json.entries)
        #expect(atom.entries == ndjson.entries)
    }

    @Test(arguments: HostileDocument.all)
    func `that are hostile are refused`(document: HostileDocument) throws {
        let error = #expect(throws: FeedFormatError.self) {
            try ParsedFeed.parse(document.bytes(), .atom)
        }
        #expect(error?.code == document.code, "\(String(describing: error))")
    }

    @Test func `that are hostile are listed with what a reader says`() throws {
        var files: [String: [UInt8]] = [:]
        var table = """
            # Documents that a reader must refuse

            Each is a sound answer to `after=0` with one change. Nothing of it may be applied.

            | file | fault | refused as |
            |---|---|---|

            """
        for document in HostileDocument.all {
            files["\(document.name).atom"] = try document.bytes()
            let code = document.code.rawValue
            table += "| `\(document.name).atom` | \(document.fault) | `\(code)` |\n"
        }
        files["README.md"] = Array(table.utf8)
        if Golden.isUpdating { try Golden.write(files, to: "hostile") }
        let isSame = try Golden.files("hostile") == files
        #expect(isSame, "feeds/hostile differs from what the tests make")
    }

    /// What `eventfeed export --json --ndjson` writes.
    private func export(_ history: History) throws -> [String: [UInt8]] {
        let layout = ExportLayout(identity: history.identity, forms: [.json, .ndjson])
        var files: [ExportLayout.File] = []
        for range in history.layout.completePages(upTo: history.head.number) {
            let after = Int(range.after.rawValue)
            let last = Int(range.last.rawValue)
            var page = layout.page(range, chainBefore: history.chain[after])
            for event in history.events[after..<last] { files += page.append(event) }
            files += page.finish(chain: history.chain[last])
        }
        let after = Int(history.layout.headDocumentAfter(head: history.head.number).rawValue)
        var head = layout.headDocument(chainAfter: history.chain[after])
        for event in history.events.dropFirst(after) { files += head.append(event) }
        files += head.finish(at: history.head)
        #expect(files.last?.path == "feed.atom")
        return Dictionary(files.map { ($0.path, $0.bytes) }) { first, second in
            #expect(first == second)
            return second
        }
    }
}

extension History {
    /// 25 events: text, JSON, binary, Unicode at its worst, values out of line.
    static func small() throws -> History {
        var history = try History(title: "Loans & <more>", author: "Ann \"A\" O'Hara")
        let large = Array(String(repeating: "0123456789 äöü\r\n", count: 5_000).utf8)
        let wide = Array(("{\"a\":\"" + String(repeating: "&", count: 13_107) + "\"}").utf8)
        try history.add("loan-7", "Requested", .json(#"{"amount":1.0,"e":1e400,"e":2}"#))
        try history.add("loan-7", "Requested", .json("{}"), .json(#"{"$correlationId":"c-1"}"#))
        try history.add("a/b %+?&=#", "Ugly name", .json("null"))
        try history.add("caf\u{E9}", "Composed", .json("\"caf\u{E9}\""))
        try history.add("cafe\u{301}", "Decomposed", .json("\"cafe\u{301}\""))
        try history.add("<&\"'>", "<&\"'>", .json(#"{"<&\"'>":"]]>"}"#))
        try history.add("-dash", "Re*", .json("[1,2,\t3]"))
        try history.add("😀-1", "👩‍👩‍👧‍👦", .json("\"\\ud800 \\ud83d\\ude00 😀\""))
        try history.add("big", "TextOutOfLine", Payload(large, mediaType: .plainText))
        try history.add(
            "big",
            "MetadataOutOfLine",
            .json("{}"),
            .json(String(decoding: wide, as: UTF8.self))
        )
        for payload in Sample.awkwardPayloads.prefix(15) {
            try history.add("awkward-1", "Awkward", payload)
        }
        return history
    }
}

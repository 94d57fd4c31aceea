import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Verify` {
    /// What the command says as JSON.
    private struct Report: Decodable {
        let sound: Bool
        let events: Int64?
        let pages: Int64?
        let valueBytes: Int64?
        let chain: String?
        let code: String?
        let number: Int64?
        let expected: String?
        let actual: String?
        let soundTo: Int64?
    }

    private func report(_ name: String) async throws -> (status: Int32, Report) {
        let outcome = try await Command.run("verify", name, "--json")
        let data = Data(outcome.output.utf8)
        return (outcome.status, try JSONDecoder().decode(Report.self, from: data))
    }

    /// Runs `body` with a server of 37 events on pages of ten, one of them with a value that stands
    /// outside its page, and with a folder that it was exported to.
    private func withHistory(_ body: (Folder, TestServer, Folder) async throws -> Void)
        async throws
    {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                let large = String(repeating: "x", count: 100_000)
                let lines =
                    Input.lines(14) + "{\"stream\":\"l\",\"type\":\"L\",\"data\":\"\(large)\"}\n"
                    + Input.lines(22, from: 15)
                _ = try await Command.run("append", server.url, "--ndjson", input: lines)
                let exported = try await Command.run(
                    "export",
                    server.url,
                    folder.path("published")
                )
                #expect(exported.status == 0, "\(exported.error)")
                let published = Folder(url: folder.url.appending(path: "published"))
                try await body(folder, server, published)
            }
        }
    }

    @Test func `finds a server, its store and a copy sound, with the same chain`() async throws {
        try await withHistory { folder, server, published in
            var chains: Set<String?> = []
            for name in [server.url, server.store, folder.path("published")] {
                let (status, report) = try await report(name)

                #expect(status == 0)
                #expect(report.sound && report.events == 37 && report.pages == 3, "\(name)")
                #expect(try #require(report.valueBytes) > 100_000)
                chains.insert(report.chain)
            }
            #expect(chains.count == 1 && !chains.contains(nil))

            let line = try await Command.run("verify", server.url)
            let chain = try #require(chains.first)
            #expect(line.output.hasPrefix("37 events, 3 complete pages, "))
            #expect(line.output.contains("chain \(chain ?? "")"))
            #expect(line.output.split(separator: "\n").count == 1 && line.error.isEmpty)
        }
    }

    /// Something that is wrong with a copy: how it comes about, and what must be said of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let number: Int64?
        let soundTo: Int64
        /// The file, and what stands in it in place of what; nil where the file is removed.
        let file: String
        var change: (String, String)?
    }

    private static let damages: [Damage] = [
        Damage(
            testDescription: "other data in a page",
            code: "changedDocument",
            number: 30,
            soundTo: 20,
            file: "21-30.atom",
            change: (#"{"n":25}"#, #"{"n":26}"#)
        ),
        Damage(
            testDescription: "a page that is missing",
            code: "hole",
            number: 21,
            soundTo: 20,
            file: "21-30.atom"
        ),
        Damage(
            testDescription: "another value outside its page",
            code: "changedDocument",
            number: nil,
            soundTo: 10,
            file: "data/15",
            change: ("xxx", "xyx")
        ),
        Damage(
            testDescription: "a page of another number",
            code: "malformedDocument",
            number: nil,
            soundTo: 0,
            file: "1-10.atom",
            change: ("first=\"1\"", "first=\"2\"")
        ),
    ]

    @Test(arguments: damages)
    func `ends at once at what cannot be trusted`(_ damage: Damage) async throws {
        try await withHistory { _, _, published in
            let feed = published.url.appending(path: "feed")
            let epoch = try #require(
                try FileManager.default.contentsOfDirectory(atPath: feed.path()).first
            )
            let file = feed.appending(path: "\(epoch)/\(damage.file)")
            if let (old, new) = damage.change {
                let text = try String(contentsOf: file, encoding: .utf8)
                let range = try #require(text.range(of: old))
                try Data(text.replacingCharacters(in: range, with: new).utf8).write(to: file)
            } else {
                try FileManager.default.removeItem(at: file)
            }

            let (status, report) = try await report(published.url.path(percentEncoded: false))

            #expect(status == 76)
            #expect(!report.sound && report.code == damage.code, "\(report)")
            #expect(report.number == damage.number || damage.number == nil, "\(report)")
            #expect(report.soundTo == damage.soundTo, "\(report)")
        }
    }

    @Test func `names number, expected and actual where a store was changed`() async throws {
        try await withHistory { folder, server, _ in
            try await server.stop()
            let program = try Tool.find("sqlite3")
            let tables = try await SQL.rows(server.store, "SELECT name FROM sqlite_schema")
            #expect(tables.contains("event"), "\(tables)")
            let change = "UPDATE event SET recorded_at = recorded_at + 1 WHERE number = 12"
            let changed = try await Child.start([server.store, change], program: program).outcome()
            #expect(changed.status == 0, "\(changed.error)")

            let outcome = try await Command.run("verify", server.store)

            #expect(outcome.status == 76)
            #expect(outcome.error.contains(" at event "), "\(outcome.error)")
            #expect(outcome.error.contains("expected chain "))
            #expect(outcome.error.contains(", actual chain "))
        }
    }

    @Test func `waits for a feed that does not answer, and not for ever`() async throws {
        try await TemporaryFolder.with { folder in
            let outcome = try await Command.run(
                "verify",
                "http://127.0.0.1:1",
                "--patience",
                "300ms"
            )
            #expect(outcome.status == 69)
            #expect(outcome.error.contains("asked again in "))

            let first = try await TestServer.start(store: folder.path("store.db"))
            _ = try await Command.run("append", first.url, "--ndjson", input: Input.lines(3))
            try await first.stop()
            let verifier = try Child.start(["verify", first.url, "--patience", "50s"])
            defer { verifier.send(SIGKILL) }
            try await eventually("a failure") { verifier.error.contains("asked again in ") }
            let second = try await TestServer.start(
                store: first.store,
                listen: "127.0.0.1:\(first.port)"
            )
            defer { second.child.send(SIGKILL) }

            let verified = try await verifier.outcome()

            #expect(verified.status == 0, "\(verified.error)")
            #expect(verified.output.hasPrefix("3 events, "))
        }
    }
}

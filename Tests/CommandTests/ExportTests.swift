import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `An exported folder` {
    @Test(arguments: [0, 1, 9, 10, 11, 20, 25])
    func `is what the server serves, and can be followed`(count: Int) async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                if count > 0 {
                    let lines = Input.lines(count)
                    _ = try await Command.run("append", server.url, "--ndjson", input: lines)
                }
                let fromServer = folder.path("a")
                let fromStore = folder.path("b")

                let first = try await Command.run("export", server.url, fromServer)
                let second = try await Command.run("export", server.store, fromStore)

                #expect([first.status, second.status] == [0, 0], "\(first.error)\(second.error)")
                let files = try contents(of: fromServer)
                #expect(files == (try contents(of: fromStore)))
                #expect(files.count == count / 10 + 1)
                for (path, bytes) in files where path.contains("-") {
                    #expect(try await server.get("/" + path).body == bytes, "\(path)")
                }
                let copy = folder.path("copy.db")
                let followed = try await Command.run(
                    "subscribe",
                    fromServer,
                    "--into",
                    copy,
                    "--until-caught-up"
                )
                #expect(followed.status == 0, "\(followed.error)")
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["\(count)"])
            }
        }
    }

    @Test func `is not taken for the whole history where a page is missing`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(37))
                let target = folder.path("published")
                _ = try await Command.run("export", server.url, target)
                let pages = try contents(of: target).keys
                let missing = try #require(pages.first { $0.hasSuffix("/21-30.atom") })
                try FileManager.default.removeItem(atPath: "\(target)/\(missing)")

                let copy = folder.path("copy.db")
                let followed = try await Command.run(
                    "subscribe",
                    target,
                    "--into",
                    copy,
                    "--until-caught-up",
                    "--give-up",
                    "1"
                )

                #expect(followed.status == 76, "\(followed.error)")
                #expect(followed.error.contains("21-30.atom"))
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["20"])
            }
        }
    }

    @Test func `gets what is new when it is exported again, and nothing else`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                let target = folder.path("published")
                let copy = folder.path("copy.db")
                for (first, count) in [(1, 15), (16, 5), (21, 30)] {
                    let lines = Input.lines(count, from: first)
                    _ = try await Command.run("append", server.url, "--ndjson", input: lines)
                    let before = try dates(of: target)

                    let outcome = try await Command.run("export", server.url, target)

                    #expect(outcome.status == 0, "\(outcome.error)")
                    let after = try dates(of: target)
                    for (path, date) in before where path.contains("-") {
                        #expect(after[path] == date, "\(path) was written again")
                    }
                    let followed = try await Command.run(
                        "subscribe",
                        target,
                        "--into",
                        copy,
                        "--until-caught-up"
                    )
                    #expect(followed.status == 0, "\(followed.error)")
                }
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["50"])
            }
        }
    }

    @Test func `is freed of what killed exports left, and of nothing else`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                let lines = Input.lines(12)
                _ = try await Command.run("append", server.url, "--ndjson", input: lines)
                let target = folder.path("published")
                _ = try await Command.run("export", server.url, target)
                let files = try contents(of: target)
                let page = try #require(files.keys.first { $0.hasSuffix("/1-10.atom") })
                let epoch = page.replacing("/1-10.atom", with: "")
                for name in [".4711.part", "\(epoch)/.12.part", "\(epoch)/.mine.part"] {
                    _ = try folder.write("half", to: "published/\(name)")
                }

                let outcome = try await Command.run("export", server.url, target)

                #expect(outcome.status == 0, "\(outcome.error)")
                let mine = ["\(epoch)/.mine.part": "half"]
                #expect(try contents(of: target) == files.merging(mine) { $1 })
            }
        }
    }

    @Test func `of another epoch, or of something else, is refused`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let other = try await TestServer.start(store: folder.path("other.db"))
                defer { other.child.send(SIGKILL) }
                let target = folder.path("published")
                _ = try await Command.run("export", server.url, target)

                let refused = try await Command.run("export", other.url, target)
                #expect(refused.status == 76)
                #expect(refused.error.contains("another folder"))

                try FileManager.default.createDirectory(
                    atPath: folder.path("full"),
                    withIntermediateDirectories: true
                )
                _ = try folder.write("mine", to: "full/letter.txt")
                let stranger = try await Command.run("export", server.url, folder.path("full"))
                #expect(stranger.status == 73)
            }
        }
    }

    /// How many events are common, exported, and there in the other history, in pages of 10.
    @Test(arguments: [(0, 5, 5), (0, 5, 25), (10, 15, 15), (10, 15, 40), (5, 20, 20), (5, 20, 25)])
    func `of a fork with the same epoch is refused as it was`(
        common: Int,
        exported: Int,
        forked: Int
    ) async throws {
        try await TemporaryFolder.with { folder in
            let (store, fork) = (folder.path("store.db"), folder.path("fork.db"))
            let target = folder.path("published")
            func append(_ count: Int, from first: Int, to path: String) async throws {
                let server = try await TestServer.start(store: path, ["--page-size", "10"])
                defer { server.child.send(SIGKILL) }
                let input = count > 0 ? Input.lines(count, from: first) : "\n"
                _ = try await Command.run("append", server.url, "--ndjson", input: input)
                try await server.stop()
            }
            try await append(common, from: 1, to: store)
            try FileManager.default.copyItem(atPath: store, toPath: fork)
            try await append(exported - common, from: 1_000, to: store)
            try await append(forked - common, from: 2_000, to: fork)
            let first = try await Command.run("export", store, target)
            #expect(first.status == 0, "\(first.error)")
            let files = try contents(of: target)

            let fromStore = try await Command.run("export", fork, target)
            let server = try await TestServer.start(store: fork)
            defer { server.child.send(SIGKILL) }
            let fromServer = try await Command.run("export", server.url, target)

            for outcome in [fromStore, fromServer] {
                #expect(outcome.status == 76, "\(outcome.error)")
                #expect(outcome.error.contains("another folder"))
            }
            #expect(try contents(of: target) == files)
        }
    }

    private func contents(of path: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            guard let bytes = FileManager.default.contents(atPath: "\(path)/\(name)") else {
                continue
            }
            files[name] = String(decoding: bytes, as: UTF8.self)
        }
        return files
    }

    private func dates(of path: String) throws -> [String: Date] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        var dates: [String: Date] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            dates[name] = attributes[.modificationDate] as? Date
        }
        return dates
    }
}

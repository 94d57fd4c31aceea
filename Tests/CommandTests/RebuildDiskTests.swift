import EventTesting
import Foundation
import Testing

@Suite(
    .timeLimit(.minutes(3)),
    .enabled("needs the right to mount a file system") { await SmallDisk.isPossible() }
)
struct `A rebuild on a small disk` {
    /// A model of a few kilobytes, or, as the second revision, of 20,000 bytes for each event.
    private static func projection(revision: Int) -> String {
        """
        -- projection: orders  revision: \(revision)
        -- setup
        CREATE TABLE item (number INTEGER PRIMARY KEY, picture BLOB);
        -- on Ordered
        INSERT INTO item VALUES (:number, zeroblob(\(revision == 1 ? 0 : 20_000)));

        """
    }

    /// Runs `body` with a model of the first revision on a small disk.
    private func withModel(
        megabytes: Int,
        orders: Int,
        _ body: (_ shop: Workshop, _ disk: Folder, _ file: String) async throws -> Void
    ) async throws {
        try await Workshop.with(Tabs.lines(orders: orders)) { shop in
            let first = try shop.projection(Self.projection(revision: 1), "first.sql")
            _ = try shop.projection(Self.projection(revision: 2), "second.sql")
            try await SmallDisk.with(megabytes: megabytes) { disk in
                let file = disk.path("model.db")
                let built = try await Command.run(
                    "subscribe",
                    shop.server.url,
                    "--into",
                    file,
                    "--projection",
                    first,
                    "--until-caught-up"
                )
                try #require(built.status == 0, "\(built.error)")
                try await body(shop, disk, file)
            }
        }
    }

    private func rebuild(_ shop: Workshop, _ file: String) async throws -> Command.Outcome {
        try await Command.run(
            "rebuild",
            file,
            "--projection",
            shop.folder.path("second.sql")
        )
    }

    private static let look = "SELECT count(*), sum(length(picture)) FROM item"

    @Test func `does not begin where there is no room`() async throws {
        try await withModel(megabytes: 12, orders: 10) { shop, disk, file in
            let before = try Data(contentsOf: URL(filePath: file))

            let refused = try await rebuild(shop, file)

            #expect(refused.status == 74)
            #expect(refused.error.contains("bytes free, a rebuild needs"), "\(refused.error)")
            #expect(try Data(contentsOf: URL(filePath: file)) == before)
            let names = try FileManager.default.contentsOfDirectory(atPath: disk.url.path())
            #expect(
                Set(names).isDisjoint(with: ["model.db.rebuild", "model.db.previous"]),
                "\(names)"
            )
        }
    }

    @Test func `ends before it takes the room that its subscriber needs`() async throws {
        try await withModel(megabytes: 50, orders: 4_000) { shop, _, file in
            let first = shop.folder.path("first.sql")
            let arguments = [
                "subscribe", shop.server.url, "--into", file, "--projection", first, "--every",
                "100ms",
            ]
            try await Child.with(arguments) { follower in
                let ended = try await rebuild(shop, file)
                #expect(ended.status == 74)
                #expect(ended.error.contains("bytes free, a rebuild needs"), "\(ended.error)")

                try await shop.append(Tabs.order("soup", tab: 1))
                let waited = try await Command.run("wait-for", "4002", file, "--timeout", "1m")
                #expect(waited.status == 0, "\(waited.error)")
                #expect(follower.isRunning)
            }
            #expect(try await SQL.rows(file, Self.look) == ["4001|0"])
        }
    }

    @Test func `swaps once there is room for both models`() async throws {
        try await withModel(megabytes: 200, orders: 1_000) { shop, disk, file in
            // 20 MB twice and what is left over would do; the ballast leaves less.
            let ballast = disk.path("ballast")
            try Data(count: 140 << 20).write(to: URL(filePath: ballast))
            let before = try await SQL.dump(file)

            let early = try await rebuild(shop, file)
            #expect(early.status == 74)
            #expect(try await SQL.dump(file) == before)
            try FileManager.default.removeItem(atPath: ballast)
            let rebuilt = try await rebuild(shop, file)

            #expect(rebuilt.status == 0, "\(rebuilt.error)")
            #expect(try await SQL.rows(file, Self.look) == ["1000|20000000"])
            #expect(try await SQL.rows(file + ".previous", Self.look) == ["1000|0"])
        }
    }
}

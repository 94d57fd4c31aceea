import EventTesting
import Foundation
import Testing

/// The programs in `samples/consumers`, which know nothing of this project but `feeds/README.md`.
@Suite(.timeLimit(.minutes(5))) struct `A consumer in another language` {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "samples/consumers")

    /// Starts a consumer by its own first line.
    private static func start(_ name: String, _ arguments: [String]) throws -> Child {
        try Child.start(
            arguments,
            program: folder.appending(path: name).path(percentEncoded: false)
        )
    }

    /// The rows that a consumer has to end up with, as hexadecimal digits of the very bytes.
    private static let rows = """
        SELECT number, stream, version, type, id, recorded_at, media_type,
            hex(CAST(data AS BLOB)), hex(CAST(metadata AS BLOB))
        FROM event ORDER BY number
        """

    /// Events that are easily damaged on the way.
    private static let awkward = [
        #"{"stream":"a é-1","type":"T \"1\"","data":{"e":1e400,"e":1.0,"u":"\u0000é👩‍👩‍👧"}}"#,
        #"{"stream":"a","type":"T,2","dataText":" one\r\ntwo\n","mediaType":"text/plain"}"#,
        #"{"stream":"a","type":"T","dataBase64":"AP8A","mediaType":"image/png"}"#,
        #"{"stream":"b","type":"T","dataText":"","mediaType":"application/json"}"#,
        #"{"stream":"b","type":"T","data":[ 1 , {"dataText":"x"} ],"metadata":{"k":"\"data\":1"}}"#,
        #"{"stream":"b","type":"Large","data":"\#(String(repeating: "x", count: 70_000))"}"#,
    ].map { $0 + "\n" }.joined()

    @Test(arguments: ["follow.py", "follow.sh"])
    func `has what our own subscriber has, byte for byte, though it is killed on the way`(
        name: String
    ) async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let loaded = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    "-",
                    input: Input.lines(1_300) + Self.awkward + Input.lines(40, from: 2_000)
                )
                #expect(loaded.status == 0, "\(loaded.error)")
                let ours = folder.path("ours.db")
                let followed = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    ours,
                    "--until-caught-up"
                )
                #expect(followed.status == 0, "\(followed.error)")
                let theirs = folder.path("theirs.db")
                for goal in [1, 400, 700, 1_200] {
                    let victim = try Self.start(name, [server.url + "/", theirs])
                    try await eventually("event \(goal)", within: .seconds(60)) {
                        // Before its first batch there is no table.
                        let rows = try? await SQL.rows(theirs, "SELECT count(*) FROM event")
                        return rows?.first.flatMap { Int($0) } ?? 0 >= goal
                    }
                    victim.send(SIGKILL)
                    _ = try await victim.outcome()
                }

                let outcome = try await Self.start(
                    name,
                    [server.url + "/", theirs, "--until-caught-up"]
                ).outcome()

                #expect(outcome.status == 0, "\(outcome.error)")
                let (expected, found) = (
                    try await SQL.rows(ours, Self.rows), try await SQL.rows(theirs, Self.rows)
                )
                #expect(expected.count == 1_346)
                #expect(found.count == expected.count)
                #expect(zip(expected, found).first { $0 != $1 } == nil)
                let chain = "SELECT number, lower(epoch), lower(chain) FROM"
                #expect(
                    try await SQL.rows(theirs, "\(chain) checkpoint")
                        == SQL.rows(ours, "\(chain) eventfeed_checkpoint")
                )
            }
        }
    }

    @Test(arguments: ["follow.py", "follow.sh"])
    func `stops for good at another epoch`(name: String) async throws {
        try await TemporaryFolder.with { folder in
            let store = folder.path("store.db")
            let theirs = folder.path("theirs.db")
            var server = try await TestServer.start(store: store)
            defer { server.child.send(SIGKILL) }
            _ = try await Command.run(
                "append",
                server.url,
                "--ndjson",
                "-",
                input: Input.lines(150)
            )
            let arguments = [server.url + "/", theirs, "--until-caught-up"]
            let first = try await Self.start(name, arguments).outcome()
            #expect(first.status == 0, "\(first.error)")
            try await server.stop()
            #expect(try await Command.run("new-epoch", store, "--yes").status == 0)
            server = try await TestServer.start(store: store, listen: "127.0.0.1:\(server.port)")

            let second = try await Self.start(name, arguments).outcome()

            #expect(second.status == 76, "\(second.error)")
            #expect(try await SQL.rows(theirs, "SELECT count(*) FROM event") == ["150"])
        }
    }
}

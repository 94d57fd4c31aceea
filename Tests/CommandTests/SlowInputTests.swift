import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Lines that come slowly` {
    @Test func `are recorded at once, before the batch is full`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let pipe = folder.path("pipe")
                try #require(mkfifo(pipe, 0o600) == 0)
                // Open for both: neither side waits for the other.
                let writer = try #require(FileHandle(forUpdatingAtPath: pipe))
                let loader = try Child.start(["append", server.url, "--ndjson", pipe])
                defer { loader.send(SIGKILL) }

                for number in 1...3 {
                    // The beginning of a line is no line yet.
                    let line = Array(Input.lines(1, from: number).utf8)
                    try writer.write(contentsOf: Data(line.prefix(9)))
                    try writer.write(contentsOf: Data(line.dropFirst(9)))
                    try await eventually("event \(number)", within: .seconds(30)) {
                        let status = try await Command.run("status", server.url, "--json")
                        return status.output.contains("\"head\":\(number),")
                    }
                    #expect(loader.isRunning, "\(loader.error)")
                }
                try writer.close()

                #expect(try await loader.outcome().status == 0)
            }
        }
    }
}

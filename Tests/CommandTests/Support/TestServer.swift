import Foundation
import Testing

/// `eventfeed serve` as a process, on a port that the system chose.
struct TestServer {
    let child: Child
    /// The address without `/` at its end.
    let url: String
    let store: String

    /// The port, to start another server at the same address.
    var port: String { String(url.split(separator: ":").last ?? "") }

    /// Starts a server and waits until it says where it listens.
    static func start(
        store: String,
        listen: String = "127.0.0.1:0",
        _ arguments: [String] = []
    ) async throws -> TestServer {
        let child = try Child.start(["serve", "--data", store, "--listen", listen] + arguments)
        let line = try await child.output { $0.contains("\n") || !child.isRunning }
        let address = try #require(
            line.split(separator: " ").first { $0.hasPrefix("http") },
            "\(child.error)"
        )
        return TestServer(child: child, url: String(address.dropLast()), store: store)
    }

    /// Runs `body` with a server that ends with it.
    static func with<Result>(
        _ folder: Folder,
        _ arguments: String...,
        body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(store: folder.path("store.db"), arguments)
        defer { server.child.send(SIGKILL) }
        return try await body(server)
    }

    /// Stops it gently and hands out how it ended.
    @discardableResult
    func stop() async throws -> Command.Outcome {
        child.send(SIGTERM)
        return try await child.outcome()
    }

    /// The body of a GET.
    func get(_ path: String) async throws -> (status: Int, body: String) {
        let outcome = try await Curl.run("-s", "-w", "\n%{http_code}", url + path)
        let lines = outcome.split(separator: "\n", omittingEmptySubsequences: false)
        return (
            try #require(Int(lines.last ?? "")), lines.dropLast().joined(separator: "\n")
        )
    }
}

/// `curl`, which the tests' set-up installs.
enum Curl {
    static func run(_ arguments: String...) async throws -> String {
        let child = try Child.start(arguments, program: Tool.find("curl"))
        return try await child.outcome().output
    }
}

/// A query that `sqlite3` could not answer.
struct QueryFailed: Error, CustomStringConvertible {
    let description: String
}

/// `sqlite3`, which the tests' set-up installs.
enum SQL {
    /// The rows of a query, columns separated by `|`.
    static func rows(_ file: String, _ query: String) async throws -> [String] {
        // Whoever opens the file after a crash locks it for a moment.
        let arguments = ["-readonly", "-cmd", ".timeout 20000", file, query]
        let outcome = try await Child.start(arguments, program: Tool.find("sqlite3")).outcome()
        guard outcome.status == 0 else { throw QueryFailed(description: outcome.error) }
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// Everything that a database holds, as SQL.
    static func dump(_ file: String) async throws -> String {
        let arguments = ["-readonly", file, ".dump"]
        let outcome = try await Child.start(arguments, program: Tool.find("sqlite3")).outcome()
        guard outcome.status == 0 else { throw QueryFailed(description: outcome.error) }
        return outcome.output
    }
}

enum Tool {
    /// The path of a program that the system has.
    static func find(_ name: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let paths = (folders + ["/usr/sbin", "/usr/bin"]).map { "\($0)/\(name)" }
        return try #require(
            paths.first { FileManager.default.isExecutableFile(atPath: $0) },
            "\(name) is not installed: run make setup-tests"
        )
    }
}

/// Lines of invented events.
enum Input {
    /// `count` events in five streams, every one with an id of its own.
    static func lines(_ count: Int, from first: Int = 1) -> String {
        (first..<(first + count)).map { number in
            let digits = String(repeating: "0", count: 12 - String(number).count) + "\(number)"
            return """
                {"stream":"tab-\(number % 5)","type":"Ordered","id":"00000000-0000-4000-8000-\
                \(digits)","data":{"n":\(number)}}

                """
        }.joined()
    }
}

import EventTesting
import Foundation
import Synchronization
import Testing

/// The built `eventfeed`, as users run it: a process of its own.
struct Command {
    /// How a process ended and what it wrote.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let error: String
    }

    /// Where the test runner and the command were built.
    static let binaries = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// The path of a built program.
    static func path(_ name: String) -> String {
        binaries.appending(path: name).path(percentEncoded: false)
    }

    /// Runs the command to its end.
    static func run(
        _ arguments: String...,
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        let child = try Child.start(arguments, input: input, environment: environment)
        return try await child.outcome()
    }
}

/// A running process whose output goes to files, so that it never waits for us.
final class Child: Sendable {
    let folder: URL
    private let process: Mutex<Process>
    private let ended: AsyncStream<Int32>

    private init(_ process: sending Process, _ ended: AsyncStream<Int32>, _ folder: URL) {
        self.process = Mutex(process)
        self.ended = ended
        self.folder = folder
    }

    /// Starts a program, `eventfeed` unless another is named.
    static func start(
        _ arguments: [String],
        program: String = Command.path("eventfeed"),
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> Child {
        let folder = try TemporaryFolder.make()
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        for name in ["input", "output", "error"] {
            let text = name == "input" ? input : ""
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let handles = [
            try FileHandle(forReadingFrom: folder.appending(path: "input")),
            try FileHandle(forWritingTo: folder.appending(path: "output")),
            try FileHandle(forWritingTo: folder.appending(path: "error")),
        ]
        (process.standardInput, process.standardOutput) = (handles[0], handles[1])
        process.standardError = handles[2]
        let (ended, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            continuation.yield(isSignal ? -process.terminationStatus : process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        // The process has its own. Ours would stay open as long as Foundation keeps it in mind, and
        // with more than a thousand open files Foundation's next start of a process crashes.
        for handle in handles { try handle.close() }
        return Child(process, ended, folder)
    }

    /// Runs `body` beside a process that ends with it, however that ends.
    static func with<Result>(
        _ arguments: [String],
        program: String = Command.path("eventfeed"),
        _ body: (Child) async throws -> Result
    ) async throws -> Result {
        let child = try start(arguments, program: program)
        defer { if child.isRunning { child.send(SIGKILL) } }
        return try await body(child)
    }

    deinit {
        // What stays behind in the folder for temporary files is not worth a failure.
        try? FileManager.default.removeItem(at: folder)
    }

    var id: Int32 { process.withLock { $0.processIdentifier } }
    var isRunning: Bool { process.withLock { $0.isRunning } }

    var output: String { text("output") }
    var error: String { text("error") }

    private func text(_ name: String) -> String {
        let data = FileManager.default.contents(
            atPath: folder.appending(path: name).path(percentEncoded: false)
        )
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    func send(_ signal: Int32) { kill(id, signal) }

    /// Waits for the end; a signal is its number, negative.
    func outcome() async throws -> Command.Outcome {
        var status: Int32?
        for await value in ended { status = value }
        return Command.Outcome(
            status: try #require(status, "the process was not waited for twice"),
            output: output,
            error: error
        )
    }

    /// Waits until what the process wrote to its output satisfies a condition.
    func output(where isEnough: (String) -> Bool) async throws -> String {
        var text = ""
        try await eventually("the output of process \(id)", within: .seconds(60)) {
            text = output
            return isEnough(text)
        }
        return text
    }
}

/// Folders that the tests write to.
enum TemporaryFolder {
    /// Makes a new one, which whoever asks for it removes.
    static func make() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "eventfeed-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Runs `body` with a new folder and removes it afterwards.
    static func with<Result>(_ body: (Folder) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { try await body(Folder(url: URL(filePath: $0))) }
    }
}

struct Folder: Sendable {
    let url: URL

    func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        return path(name)
    }

    func contents(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }
}

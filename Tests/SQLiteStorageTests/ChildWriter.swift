import CrashWriter
import EventTesting
import Foundation
import Synchronization
import Testing

/// A `CrashWriter` in a process of its own.
final class ChildWriter: Sendable {
    private struct Output {
        var bytes: [UInt8] = []
        var isAtEnd = false

        mutating func take(_ data: Data) {
            bytes += data
            isAtEnd = isAtEnd || data.isEmpty
        }
    }

    private let process: Process
    private let input: Pipe
    private let output = Mutex(Output())
    private let errors = Mutex(Output())

    var processID: Int32 { process.processIdentifier }

    /// Starts `CrashWriter` with arguments, through another command where one is given.
    init(_ arguments: [String], through command: [String] = []) throws {
        let words = command + [try Self.executable()] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        let (standardOutput, standardError, standardInput) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = standardOutput
        process.standardError = standardError
        process.standardInput = standardInput
        (self.process, input) = (process, standardInput)
        Self.collect(standardOutput) { [self] data in output.withLock { $0.take(data) } }
        Self.collect(standardError) { [self] data in errors.withLock { $0.take(data) } }
        try process.run()
    }

    /// What it has written so far, whole lines only.
    var lines: [String] {
        let bytes = output.withLock { $0.bytes }
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return String(decoding: bytes[..<end], as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// What it has complained about so far.
    var complaints: String {
        errors.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Ends its input, which ends a writer that holds a store open.
    func endInput() throws {
        try input.fileHandleForWriting.close()
    }

    /// Kills it with a signal that cannot be caught, and waits until it is gone.
    func kill() async throws {
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = try await end()
    }

    /// Waits for its end, and until all that it wrote is here.
    func end() async throws -> Int32 {
        try await eventually("the end of process \(processID)") {
            !process.isRunning && output.withLock { $0.isAtEnd } && errors.withLock { $0.isAtEnd }
        }
        return process.terminationStatus
    }

    private static func collect(_ pipe: Pipe, _ take: @escaping @Sendable (Data) -> Void) {
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            take(data)
        }
    }

    /// The executable that is built beside the tests.
    private static func executable() throws -> String {
        let tests = try #require(Bundle.main.executableURL)
        let path = tests.deletingLastPathComponent().appendingPathComponent("CrashWriter").path
        try #require(FileManager.default.isExecutableFile(atPath: path), "build CrashWriter first")
        return path
    }
}

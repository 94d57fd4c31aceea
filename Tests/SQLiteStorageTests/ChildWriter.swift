import EventTesting
import Foundation
import Synchronization
import Testing

/// A `CrashWriter` in a process of its own, whose output goes to files.
///
/// Foundation's `Process` hands the pipes of one child to others that start at the same time, so
/// that their ends come late or never; a file has no such end, and a process that this one starts
/// by itself can be waited for by itself.
final class ChildWriter: Sendable {
    let processID: pid_t
    private let output: String
    private let status = Mutex<Int32?>(nil)

    /// Starts `CrashWriter` with arguments, through another command where one is given.
    init(_ arguments: [String], through command: [String] = []) throws {
        output = NSTemporaryDirectory() + "/eventfeed-child-\(UUID().uuidString)"
        processID = try Self.start(command + [Self.executable()] + arguments, output: output)
    }

    deinit {
        // Files among the temporary ones that cannot be removed stay there.
        try? FileManager.default.removeItem(atPath: output)
    }

    /// What it has written so far, whole lines only.
    var lines: [String] {
        let bytes = FileManager.default.contents(atPath: output) ?? Data()
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return String(decoding: bytes[..<end], as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// Kills it with a signal that cannot be caught, and waits until it is gone.
    func kill() async throws {
        Foundation.kill(processID, SIGKILL)
        _ = try await end()
    }

    /// Waits for its end.
    ///
    /// - Returns: 0 if it ended well.
    func end() async throws -> Int32 {
        try await eventually("the end of process \(processID)") {
            status.withLock { status in
                if status != nil { return true }
                var answer: Int32 = 0
                guard waitpid(processID, &answer, WNOHANG) == processID else { return false }
                status = answer
                return true
            }
        }
        return status.withLock { $0 ?? -1 }
    }

    private static func start(_ words: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        // What other tests have open is not the child's; closing what is not open does no harm.
        for descriptor in 3..<256 as Range<Int32> {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var processID: pid_t = 0
        let result = posix_spawn(&processID, words[0], &actions, nil, &arguments, environ)
        try #require(result == 0, "cannot start \(words[0]): \(String(cString: strerror(result)))")
        return processID
    }

    /// The executable that is built beside the tests.
    private static func executable() throws -> String {
        let tests = try #require(Bundle.main.executableURL)
        let path = tests.deletingLastPathComponent().appendingPathComponent("CrashWriter").path
        try #require(FileManager.default.isExecutableFile(atPath: path), "build CrashWriter first")
        return path
    }
}

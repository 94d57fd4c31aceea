import ArgumentParser
import EventModel
import Logging
import Synchronization

/// How log messages are written to the standard error, as it is named on the command line.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people: time, level, metadata and message.
    case text
    /// For programs: one JSON object a line.
    case json

    /// Runs a command with everything that this process logs in this format.
    ///
    /// Where that is JSON, what ends the command is a line of the log too: whoever reads the
    /// standard error gets one JSON object a line and nothing else. It is called once in a
    /// process, since the system of logging can be set up once.
    ///
    /// - Parameters:
    ///   - label: The command, in the log.
    ///   - body: What to do.
    /// - Throws: What `body` throws, or, where it is told already, ``EndTold``.
    func use(_ label: String, _ body: () async throws -> Void) async throws {
        guard self == .json else { return try await body() }
        let lines = LogLines()
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, lines: lines) }
        do {
            try await body()
        } catch {
            let status = ExitStatus(for: error)
            Logger.command(label).critical(
                "\(error)",
                metadata: ["status": .stringConvertible(status.rawValue)]
            )
            throw EndTold(status: status)
        }
    }
}

/// The standard error as lines of which each is written whole before the next.
final class LogLines: Sendable {
    private let put: @Sendable ([UInt8]) -> Void
    private let turn = Mutex(())

    /// Writes to the standard error, or wherever `put` brings a line.
    init(
        _ put: @escaping @Sendable ([UInt8]) -> Void = { line in
            // Lost: the line itself. There is nowhere left to say so.
            try? StandardStream.error.write(line)
        }
    ) {
        self.put = put
    }

    /// Writes one line, its end included.
    func write(_ line: [UInt8]) {
        turn.withLock { _ in put(line) }
    }
}

import EventModel
import Subprocess
import Subscriptions
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a command of the user once for each batch, with the events as NDJSON on its standard input.
///
/// Status 0 means applied, 75 (`EX_TEMPFAIL`) the same events again later; everything else, a
/// signal and a command that takes too long are failures that end the subscription.
struct ExecHandler: BatchHandler {
    /// What `/bin/sh -c` runs.
    let command: String
    /// How long it may take; then its process group gets TERM.
    let timeout: Duration
    /// How long after TERM its process group gets KILL.
    var patience = Duration.seconds(5)

    /// The status by which a command asks for the same events again.
    private static let tryAgainLater: Int32 = 75

    /// How the command ended.
    private enum Ending: Sendable {
        case exited(Int32)
        case signaled(Int32)
        case timedOut
    }

    func handle(_ delivery: Delivery) async throws -> DeliveryOutcome {
        let ending: Ending
        do {
            ending = try await run(delivery)
        } catch let error as SubprocessError {
            throw HandlerError(delivery, "/bin/sh cannot be started: \(error)", cause: error)
        }
        switch ending {
        case .exited(0):
            return .applied
        case .exited(Self.tryAgainLater):
            return .tryAgainLater(reason: "the command ended with status 75")
        case .exited(let status):
            throw HandlerError(delivery, "the command ended with status \(status)")
        case .signaled(let signal):
            throw HandlerError(delivery, "the command was ended by signal \(signal)")
        case .timedOut:
            throw HandlerError(
                delivery,
                "the command took longer than \(Quantity.time(timeout)) (see --exec-timeout)"
            )
        }
    }

    private func run(_ delivery: Delivery) async throws -> Ending {
        let lines = EventLines.ndjson(of: delivery.events)
        return try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask { try await spawn(delivery, input: lines) }
            group.addTask {
                try await Task.sleep(for: timeout)
                return .timedOut
            }
            // Leaving the group cancels and awaits the other task: either the sleep, or the
            // command, which a cancellation ends with TERM and KILL.
            defer { group.cancelAll() }
            return try await group.next() ?? .timedOut
        }
    }

    /// Runs the command to its end; a cancellation ends it first.
    private func spawn(_ delivery: Delivery, input lines: [UInt8]) async throws -> Ending {
        let input = try InputFile.holding(lines)
        var options = PlatformOptions()
        // A group of its own: Ctrl-C on the terminal is for us, TERM reaches what the shell
        // started.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: patience)
        ]
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", command],
            environment: .inherit.updating(environment(for: delivery)),
            platformOptions: options,
            // A file and not a pipe: a command that reads nothing neither blocks nor breaks us.
            input: .fileDescriptor(input, closeAfterSpawningProcess: true),
            output: .currentStandardOutput,
            error: .currentStandardError
        )
        switch result.terminationStatus {
        case .exited(let status): return .exited(status)
        case .signaled(let signal): return .signaled(signal)
        }
    }

    private func environment(for delivery: Delivery) -> [Environment.Key: String?] {
        [
            "EVENTFEED_EPOCH": delivery.to.epoch.description,
            "EVENTFEED_AFTER": delivery.after.description,
            "EVENTFEED_THROUGH": delivery.to.number.description,
            "EVENTFEED_HEAD": delivery.head.description,
            "EVENTFEED_ATTEMPT": String(delivery.attempt),
        ]
    }
}

/// A file without a name that holds what a command reads.
private enum InputFile {
    /// Writes bytes to a new temporary file and goes back to its beginning.
    static func holding(_ bytes: [UInt8]) throws -> FileDescriptor {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/eventfeed-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else {
            throw CommandError(
                .cannotCreate,
                "no temporary file can be made in \(folder): \(SystemError.text(errno)); set TMPDIR"
            )
        }
        let file = FileDescriptor(rawValue: number)
        // Not for whatever else this process may start.
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        // Without a name the file is gone with its last reader, however that ends.
        unlink(template)
        do {
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try file.close()
            throw CommandError(.io, "the temporary file for the command's input: \(error)")
        }
    }
}

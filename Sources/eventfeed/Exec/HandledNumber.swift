import EventModel
import Subprocess
import SystemPackage

/// The number up to which a handler has kept its work, as a command of the user prints it.
struct HandledNumber: Sendable {
    /// What `/bin/sh -c` runs; it prints one number.
    let command: String
    /// How long it may take.
    let timeout: Duration

    /// Bytes of output at the most.
    private static let outputBytes = 4_096

    /// Asks the handler.
    ///
    /// - Returns: The number; 0 where it has handled nothing.
    /// - Throws: ``CommandError`` where the command fails or prints anything but a number.
    func ask() async throws -> EventNumber {
        let output: String
        do {
            output = try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask { try await run() }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let output = first else {
                    throw CommandError(
                        .software,
                        "--after-from: the command took longer than \(Quantity.time(timeout))"
                    )
                }
                return output
            }
        } catch let error as SubprocessError {
            throw CommandError(.software, "--after-from: the command cannot be run: \(error)")
        }
        let text = output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let value = Int64(text), let number = EventNumber(rawValue: value) else {
            throw CommandError(
                .software,
                "--after-from: the command printed \"\(text.prefix(80))\", not the number of an "
                    + "event; 0 means that nothing was handled yet"
            )
        }
        return number
    }

    private func run() async throws -> String {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", command],
            input: .none,
            output: .string(limit: Self.outputBytes),
            error: .currentStandardError
        )
        guard result.terminationStatus.isSuccess else {
            throw CommandError(
                .software,
                "--after-from: the command ended with \(result.terminationStatus)"
            )
        }
        return result.standardOutput
    }
}

import EventModel
import Foundation
import Logging
import SQLiteStorage

/// Writes to a store and reports every step, until it is killed or has done what was asked.
///
/// `CrashWriter FILE load ROUND` writes for ever; `CrashWriter FILE count N` appends N times, one
/// after the other; `CrashWriter FILE hold` opens the store, says `open` and waits to be
/// killed.
@main
struct CrashWriter {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count >= 3 else { return complain("usage: CrashWriter FILE MODE [NUMBER]") }
        let number = words.count > 3 ? Int(words[3]) ?? 0 : 0
        let store = try SQLiteEventStore.open(path: words[1], logger: Logger(label: "crash"))
        switch words[2] {
        case "load":
            try await load(store, round: number)
        case "count":
            for index in 0..<number {
                try await store.append(CrashLoad(round: 0, writer: 0, index: index).events())
            }
        case "hold":
            say("open")
            try await Task.sleep(for: .seconds(3_600))
        default:
            complain("there is no mode \(words[2])")
        }
        try await store.close()
    }

    private static func load(_ store: SQLiteEventStore, round: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<CrashLoad.writers {
                group.addTask {
                    for index in 0... {
                        let load = CrashLoad(round: round, writer: writer, index: index)
                        say(CrashReport.began(load).line)
                        let result = try await store.append(load.events())
                        let report = CrashReport.recorded(
                            load,
                            first: result.first.rawValue,
                            last: result.last.rawValue
                        )
                        say(report.line)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Writes a line in one piece, without a buffer that would die with the process.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}

import EventTesting
import Foundation
import Testing

/// Processes that each keep one connection to a database open and ask the same all the time.
///
/// They write what they see whenever that changes, and end with an error at the first failure.
enum OpenReader {
    /// What a reader runs: the file, the query, how long it waits for locks, the file that ends it.
    private static let program = """
        import os, pathlib, sqlite3, sys, time
        file, query, patience, stop = sys.argv[1:]
        request = file + ".takeover.lock"
        address = pathlib.Path(file).resolve().as_uri() + "?mode=ro"
        connection = sqlite3.connect(
            address, uri=True, timeout=float(patience), isolation_level=None
        )
        seen, is_last = None, False
        while not is_last:
            # Once more after it is told to end.
            is_last = os.path.exists(stop)
            rows = connection.execute(query).fetchall()
            text = ";".join("|".join(map(str, row)) for row in rows)
            if text != seen:
                print(text, flush=True)
                seen = text
            # Without a pause only while somebody takes the file over: readers need processors too.
            if not os.path.exists(request) or os.path.getsize(request) == 0:
                time.sleep(0.02)
        """

    /// Runs `body` beside one reader for each query.
    ///
    /// - Parameters:
    ///   - file: The database.
    ///   - queries: What is asked, one statement each.
    ///   - patience: Seconds that SQLite waits for a lock; none, where a reader never has to.
    ///   - body: What to do while they read; each has read once by then.
    /// - Returns: What each saw, where it differs from what it saw before.
    /// - Throws: What `body` throws; an issue where a reader failed.
    static func watching(
        _ file: String,
        _ queries: [String],
        patience: Double = 0,
        _ body: () async throws -> Void
    ) async throws -> [[String]] {
        try await TemporaryFolder.with { folder in
            let stop = folder.path("stop")
            let python = try Tool.find("python3")
            let readers = try queries.map { query in
                try Child.start(["-c", program, file, query, "\(patience)", stop], program: python)
            }
            defer { for reader in readers where reader.isRunning { reader.send(SIGKILL) } }
            for reader in readers {
                _ = try await reader.output { $0.contains("\n") || !reader.isRunning }
            }
            try await body()
            _ = try folder.write("", to: "stop")
            var seen: [[String]] = []
            for reader in readers {
                let outcome = try await reader.outcome()
                try #require(outcome.status == 0, "\(outcome.error)")
                seen.append(outcome.output.split(separator: "\n").map(String.init))
            }
            return seen
        }
    }
}

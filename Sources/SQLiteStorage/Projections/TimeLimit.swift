private import GRDBSQLite

/// Interrupts what runs on a connection when it takes too long
/// (<https://www.sqlite.org/c3ref/progress_handler.html>).
struct TimeLimit {
    /// Virtual machine instructions between two looks at the clock: some tenths of a millisecond.
    private static let instructions: Int32 = 20_000

    private let limit: Duration

    /// Sets how long anything may take.
    init(_ limit: Duration) {
        self.limit = limit
    }

    /// Runs `body`; what it runs on the connection fails with `SQLITE_INTERRUPT` at the limit.
    func watching<Value>(
        _ connection: OpaquePointer?,
        _ body: () throws -> Value
    ) rethrows -> Value {
        var deadline = ContinuousClock.now + limit
        return try withUnsafeMutablePointer(to: &deadline) { deadline in
            sqlite3_progress_handler(
                connection,
                Self.instructions,
                { context in
                    guard let context else { return 0 }
                    let deadline = context.assumingMemoryBound(to: ContinuousClock.Instant.self)
                    return ContinuousClock.now > deadline.pointee ? 1 : 0
                },
                deadline
            )
            // The pointer is good for the length of the body.
            defer { sqlite3_progress_handler(connection, 0, nil, nil) }
            return try body()
        }
    }
}

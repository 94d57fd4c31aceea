import Foundation
import GRDB

/// What can be said of a database file before it is opened.
package enum DatabaseFile {
    /// Whether there is anything in the file.
    static func hasContent(_ path: String) -> Bool {
        // A file whose size cannot be asked is opened, which reports the reason.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes else { return FileManager.default.fileExists(atPath: path) }
        return (attributes[.size] as? NSNumber)?.int64Value != 0
    }

    /// Looks into a file that this process alone may write, without changing it.
    ///
    /// Whoever was killed while the file had no write-ahead log yet left a rollback journal, which
    /// a connection that cannot write must not roll back, and without which nobody may read
    /// (<https://www.sqlite.org/rescode.html#readonly_rollback>). Then one that can write does.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - configuration: How it is opened; it does not turn the log on.
    ///   - body: What to read.
    /// - Returns: What the body returns.
    /// - Throws: `DatabaseError`; what the body throws.
    static func looking<Value>(
        _ path: String,
        _ configuration: Configuration,
        _ body: (Database) throws -> Value
    ) throws -> Value {
        var configuration = configuration
        configuration.readonly = true
        do {
            return try reading(path, configuration, body)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_READONLY
            && FileManager.default.fileExists(atPath: path + "-journal")
        {
            configuration.readonly = false
            return try reading(path, configuration, body)
        }
    }

    /// Reads through a connection of its own.
    static func reading<Value>(
        _ path: String,
        _ configuration: Configuration,
        _ body: (Database) throws -> Value
    ) throws -> Value {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer {
            // A connection that only read has nothing to lose; it closes when it is released.
            try? queue.close()
        }
        return try queue.read(body)
    }

    /// Bytes of a database and of its write-ahead log, which holds what was written last.
    package static func bytes(of path: String) -> Int64 {
        [path, path + "-wal"].reduce(0) { sum, path in
            // There need be no such file, and then it has no bytes.
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
            return sum + (size.flatMap { $0 } ?? 0)
        }
    }
}

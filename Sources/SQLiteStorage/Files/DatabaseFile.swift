import Foundation

/// What can be said of a database file before it is opened.
package enum DatabaseFile {
    /// Whether there is anything in the file.
    static func hasContent(_ path: String) -> Bool {
        // A file whose size cannot be asked is opened, which reports the reason.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes else { return FileManager.default.fileExists(atPath: path) }
        return (attributes[.size] as? NSNumber)?.int64Value != 0
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

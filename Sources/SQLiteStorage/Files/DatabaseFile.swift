import Foundation

/// What can be said of a database file before it is opened.
enum DatabaseFile {
    /// Whether there is anything in the file.
    static func hasContent(_ path: String) -> Bool {
        // A file whose size cannot be asked is opened, which reports the reason.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes else { return FileManager.default.fileExists(atPath: path) }
        return (attributes[.size] as? NSNumber)?.int64Value != 0
    }
}

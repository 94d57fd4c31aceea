import FoundationEssentials
import SystemPackage

/// Looks at a path before anything is opened there.
enum StoreFileCheck {
    /// What every SQLite database begins with (sqlite.org/fileformat.html section 1.3).
    private static let header = Array("SQLite format 3\0".utf8)

    /// Throws where there is no file at all, so that no command makes one by mistake.
    static func requireFile(_ path: String) throws(CommandError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandError(.noInput, "there is no file \(path)")
        }
    }

    /// Whether a text is the path of a SQLite database.
    static func isDatabase(_ path: String) -> Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder,
            // What cannot be read is no database; whoever opens it will say why.
            let file = try? FileDescriptor.open(FilePath(path), .readOnly)
        else { return false }
        let start = try? file.closeAfter {
            try [UInt8](unsafeUninitializedCapacity: header.count) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        return start == header
    }
}

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

    /// Throws where a name is neither an address nor a file or folder that is there.
    static func requireSource(_ name: String) throws(CommandError) {
        guard name.contains("://") || FileManager.default.fileExists(atPath: name) else {
            throw CommandError(.noInput, "there is no file or folder \(name)")
        }
    }

    /// The whole path of a file or folder that is there; an address stays as it is.
    static func absolute(_ name: String) -> String {
        guard !name.contains("://"), FileManager.default.fileExists(atPath: name),
            !name.hasPrefix("/")
        else { return name }
        return FileManager.default.currentDirectoryPath + "/" + name
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

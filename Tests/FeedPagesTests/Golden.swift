import Foundation

/// The folder `feeds/` of the repository.
enum Golden {
    /// Set in order to write what the code makes over what is there.
    static let isUpdating = ProcessInfo.processInfo.environment["EVENTFEED_UPDATE_FEEDS"] == "1"

    /// The address of a file or folder below `feeds/`.
    static func url(_ path: String) -> URL {
        URL(filePath: #filePath)
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "feeds/\(path)")
    }

    /// The bytes of a file below `feeds/`.
    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url(path)))
    }

    /// All files below a folder of `feeds/`, by path relative to it.
    static func files(_ folder: String) throws -> [String: [UInt8]] {
        let root = url(folder).path(percentEncoded: false)
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [:] }
        var files: [String: [UInt8]] = [:]
        for case let path as String in walk {
            let file = url(folder).appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
            else { continue }
            files[path] = Array(try Data(contentsOf: file))
        }
        return files
    }

    /// Writes a folder anew: what is not among `files` goes.
    static func write(_ files: [String: [UInt8]], to folder: String) throws {
        let root = url(folder)
        if FileManager.default.fileExists(atPath: root.path(percentEncoded: false)) {
            try FileManager.default.removeItem(at: root)
        }
        for (path, bytes) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: file)
        }
    }
}

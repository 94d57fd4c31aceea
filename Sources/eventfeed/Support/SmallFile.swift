import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file of a few lines that a person names: a password, certificates.
struct SmallFile {
    /// All its bytes.
    let bytes: [UInt8]
    /// Whether it is a regular file that more than its owner may read.
    let isReadableByOthers: Bool

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: The path; a pipe such as `/dev/fd/63` is read to its end.
    ///   - limit: Bytes that it may have.
    /// - Returns: The contents.
    /// - Throws: ``CommandError`` (`noInput`, `dataError`), with the path and never the contents.
    static func read(_ path: String, limit: Int) throws(CommandError) -> SmallFile {
        var bytes: [UInt8] = []
        var entry = stat()
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            try file.closeAfter {
                guard fstat(file.rawValue, &entry) == 0 else { throw Errno(rawValue: errno) }
                var piece = [UInt8](repeating: 0, count: 16 << 10)
                while bytes.count <= limit {
                    let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
                    guard count > 0 else { break }
                    bytes += piece[..<count]
                }
            }
        } catch {
            throw CommandError(.noInput, "\(path) cannot be read: \(error)")
        }
        guard bytes.count <= limit else {
            throw CommandError(.dataError, "\(path) has more than \(limit) bytes")
        }
        let isRegular = entry.st_mode & S_IFMT == S_IFREG
        return SmallFile(
            bytes: bytes,
            isReadableByOthers: isRegular && entry.st_mode & (S_IRGRP | S_IROTH) != 0
        )
    }
}

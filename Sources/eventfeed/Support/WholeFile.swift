import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that are there whole or not at all.
enum WholeFile {
    /// Writes a file: whoever looks sees the old one, or the new one, or none.
    ///
    /// The bytes are on the disk before the file has its name, so a name always stands for a whole
    /// file, also after a power cut.
    ///
    /// - Parameters:
    ///   - bytes: What to write.
    ///   - target: The path; its folder exists.
    /// - Throws: ``CommandError`` (`io`), also where something else than a file is there; what was
    ///   there is as it was.
    static func write(_ bytes: [UInt8], to target: String) throws(CommandError) {
        var entry = stat()
        guard lstat(target, &entry) != 0 || entry.st_mode & S_IFMT == S_IFREG else {
            throw CommandError(.io, "\(target) is no regular file: name one that may be replaced")
        }
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
        let temporary = "\(folder).\(getpid()).part"
        // Left by a process that had our id, or not ours at all: never written through.
        unlink(temporary)
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(temporary),
                .writeOnly,
                options: [.create, .exclusiveCreate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try descriptor.closeAfter {
                _ = try descriptor.writeAll(bytes)
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(temporary, target) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(temporary)
            throw CommandError(.io, "\(target) cannot be written: \(error)")
        }
    }
}

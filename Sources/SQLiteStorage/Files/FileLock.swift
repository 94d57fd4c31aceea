package import EventModel
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The right to write one database file, held by one opener of one process at a time.
///
/// It is an advisory `flock` on `NAME.lock` beside the file: never on the database file itself,
/// whose locks belong to SQLite, and the lock file is never deleted, since whoever waits on a
/// deleted file holds a lock that nobody sees. The lock file contains the owner's process id, so
/// that whoever comes second can be told. The operating system drops the lock when its process
/// ends, however it ends; child processes do not inherit it.
///
/// Two writers through the same lock are kept apart also within one process. File systems without
/// `flock` (some network mounts) are refused.
package final class FileLock: Sendable {
    /// The canonical path of the database file: what two spellings of one path have in common.
    package let databasePath: String
    private let descriptor: Mutex<Int32?>

    /// The path of the lock file.
    package var path: String { Self.path(for: databasePath) }

    /// Takes the lock at once or not at all.
    ///
    /// - Parameter path: The path of the database file, which need not exist; its folder must.
    /// - Throws: ``EventStoreError``: `inUse` with the owner's process id, or `io` where the folder
    ///   is missing or the lock file cannot be opened.
    package init(database path: String) throws(EventStoreError) {
        let canonical = try Self.canonical(path)
        let lockPath = Self.path(for: canonical)
        let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            let text = Self.text(of: errno)
            throw EventStoreError(.io, "cannot open lock file \(lockPath): \(text)")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            defer { close(opened) }
            guard number == EWOULDBLOCK else {
                let text = Self.text(of: number)
                throw EventStoreError(.io, "cannot lock \(lockPath): \(text)")
            }
            let owner = Self.owner(in: opened).map { "process \($0)" } ?? "another process"
            throw EventStoreError(
                .inUse,
                "\(canonical) is in use by \(owner); only one may write it, stop that one first"
            )
        }
        do throws(EventStoreError) {
            try Self.write(getpid(), to: opened, lockPath)
        } catch {
            close(opened)
            throw error
        }
        databasePath = canonical
        descriptor = Mutex(opened)
    }

    deinit {
        release()
    }

    /// Gives the lock up; a second call does nothing.
    package func release() {
        descriptor.withLock { descriptor in
            guard let held = descriptor else { return }
            // Empty before unlocked: an id in the file is an owner's or a killed one's. If it
            // fails, the next owner overwrites it.
            _ = ftruncate(held, 0)
            // Said in so many words: a child that another thread is just making has a copy of the
            // descriptor until it starts its program, and closing ours would leave the lock to it.
            _ = flock(held, LOCK_UN)
            close(held)
            descriptor = nil
        }
    }

    /// The path of a database file with links and `..` resolved.
    ///
    /// - Parameter path: A path whose folder exists.
    /// - Returns: The absolute path of the file itself or, where there is none yet, of where it
    ///   will be.
    /// - Throws: ``EventStoreError`` with code `io` where the folder is missing or the path is a
    ///   link to nothing.
    package static func canonical(_ path: String) throws(EventStoreError) -> String {
        if let resolved = resolve(path) {
            guard !isFolder(resolved) else {
                throw EventStoreError(.io, "\(resolved) is a folder: name a file in it")
            }
            return resolved
        }
        let number = errno
        guard number == ENOENT else {
            throw EventStoreError(.io, "cannot reach \(path): \(text(of: number))")
        }
        var entry = stat()
        guard lstat(path, &entry) != 0 else {
            throw EventStoreError(.io, "\(path) is a link to a file that does not exist")
        }
        let bytes = Array(path.utf8)
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let name = String(decoding: bytes[start...], as: UTF8.self)
        guard !name.isEmpty, name != ".", name != ".." else {
            throw EventStoreError(.io, "\(path.isEmpty ? "an empty path" : path) names no file")
        }
        let folder = String(decoding: bytes[..<start], as: UTF8.self)
        guard let resolved = resolve(folder.isEmpty ? "." : folder) else {
            throw EventStoreError(
                .io,
                "cannot create \(path): \(text(of: errno)); create the folder first"
            )
        }
        return resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
    }

    static func path(for database: String) -> String { database + ".lock" }

    /// What `realpath` makes of a path; nil with `errno` set where it fails.
    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func isFolder(_ path: String) -> Bool {
        var entry = stat()
        return stat(path, &entry) == 0 && entry.st_mode & S_IFMT == S_IFDIR
    }

    private static func write(
        _ owner: pid_t,
        to descriptor: Int32,
        _ path: String
    ) throws(EventStoreError) {
        let bytes = Array("\(owner)\n".utf8)
        guard ftruncate(descriptor, 0) == 0,
            pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        else {
            let number = errno
            throw EventStoreError(
                number == ENOSPC ? .storageFull : .io,
                "cannot write lock file \(path): \(text(of: number))"
            )
        }
    }

    /// The process id in a lock file; nil where it is being written just now.
    static func owner(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }

    private static func text(of number: Int32) -> String {
        String(cString: strerror(number))
    }
}

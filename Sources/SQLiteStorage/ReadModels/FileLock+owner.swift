#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension FileLock {
    /// The process that holds the lock of a database file; nil where nobody does.
    ///
    /// Asked without disturbing whoever takes the lock at the same moment, as far as that can be:
    /// the lock is touched only if the file names a process that lives, which is then almost
    /// always its holder.
    ///
    /// - Parameter path: The path of the database file.
    /// - Returns: The process id.
    package static func holder(ofDatabase path: String) -> Int32? {
        guard let canonical = try? canonical(path) else {
            // A path that leads nowhere has no holder.
            return nil
        }
        let descriptor = open(Self.path(for: canonical), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let process = owner(in: descriptor), kill(process, 0) == 0 || errno == EPERM else {
            return nil
        }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            // The id belongs to a process that was killed and to another one now.
            flock(descriptor, LOCK_UN)
            return nil
        }
        return errno == EWOULDBLOCK ? process : nil
    }
}

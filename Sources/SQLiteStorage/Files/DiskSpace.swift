import EventModel

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How much room the file system of a database has left.
enum DiskSpace {
    /// Bytes that a process without privileges may still write beside `path`.
    static func freeBytes(at path: String) throws(EventStoreError) -> Int64 {
        var answer = statvfs()
        guard statvfs(path, &answer) == 0 else {
            let text = String(cString: strerror(errno))
            throw EventStoreError(.io, "cannot ask for the free space at \(path): \(text)")
        }
        let (bytes, overflow) = UInt64(answer.f_bavail)
            .multipliedReportingOverflow(by: UInt64(answer.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }
}

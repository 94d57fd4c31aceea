#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The operating system's limit on open files, as far as connections are concerned.
enum OpenFiles {
    /// Files that a server needs besides its connections: the store, its readers, standard streams.
    private static let reserve = 64

    /// How many connections there may be.
    ///
    /// - Parameter wanted: The limit that was set.
    /// - Returns: The limit that was set, or what the operating system leaves.
    static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let code = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        guard code == 0, limit.rlim_cur < UInt64(Int.max) else { return wanted }
        return max(1, min(wanted, Int(limit.rlim_cur) - reserve))
    }
}

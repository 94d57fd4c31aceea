/// The values of `Cache-Control`.
enum WireCaching {
    /// For what changes with the next event.
    ///
    /// - Parameters:
    ///   - seconds: How long the stream's metadata lets it be kept.
    ///   - isPublic: Whether everybody may read it.
    /// - Returns: The value.
    static func current(seconds: Int64?, isPublic: Bool) -> String {
        guard let seconds else { return "max-age=0, no-cache, must-revalidate" }
        return "max-age=\(seconds), \(isPublic ? "public" : "private")"
    }

    /// For what never changes.
    static func complete(isPublic: Bool) -> String {
        "max-age=31536000, \(isPublic ? "public" : "private")"
    }
}

/// Which streams are copied.
struct MigrationScope: Sendable {
    /// Whether what the source recorded about itself is copied too.
    var hasSystemStreams = false
    /// Names, or beginnings of names followed by `*`, that the user leaves out.
    var leftOut: [String] = []

    /// Streams with logins, which the feed would publish: never copied.
    private static let users = ["$users*", "$user-*"]
    /// Streams in which the product keeps figures about itself.
    private static let telemetry = ["$stats-*", "$scavenges*", "$scavengePoints*"]

    /// Why a stream is left out, as a heading for a count; nil where it is copied.
    func reason(toLeaveOut stream: String) -> String? {
        // What is said about a stream goes with it.
        let name = stream.utf8.starts(with: "$$".utf8) ? String(stream.dropFirst(2)) : stream
        if Self.matches(name, Self.users) { return "users and their passwords" }
        if !hasSystemStreams, Self.matches(name, Self.telemetry) {
            return "statistics of the source"
        }
        if Self.matches(stream, leftOut) || Self.matches(name, leftOut) { return "--leave-out" }
        return nil
    }

    private static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { pattern in
            guard pattern.utf8.last == UInt8(ascii: "*") else {
                return name.utf8.elementsEqual(pattern.utf8)
            }
            return name.utf8.starts(with: pattern.utf8.dropLast())
        }
    }
}

/// By which way a request came, for answers that name themselves by absolute addresses.
struct RequestOrigin: Hashable, Sendable {
    /// Whether it came over TLS.
    var isSecure = false
    /// The field `Host` as it was sent: a host that passed ``RequestHeadCheck``, with its port if
    /// it has one; empty or nil where the client named none.
    var host: String?
    /// The numeric address at which the connection was taken; nil without a connection.
    var localAddress: String?
    /// The port at which the connection was taken.
    var localPort: Int?

    /// `http` or `https`.
    var scheme: String { isSecure ? "https" : "http" }

    /// What stands after `SCHEME://`: what the client called the server, else where it reached it.
    var authority: String {
        if let host, !host.isEmpty { return host }
        let address = localAddress ?? "127.0.0.1"
        let name = address.contains(":") ? "[\(address)]" : address
        return localPort.map { "\(name):\($0)" } ?? name
    }
}

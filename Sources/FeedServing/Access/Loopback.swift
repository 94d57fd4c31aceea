/// Addresses that only this machine reaches.
package enum Loopback {
    /// Whether a host is this machine, so that nobody else can connect or listen between.
    ///
    /// - Parameter host: A name or an address, an IPv6 address with or without brackets.
    /// - Returns: True for `localhost`, `::1` and 127.0.0.0/8 with all its four numbers. Names such
    ///   as `x.localhost` are not believed: not every resolver keeps them on this machine.
    package static func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

import EventModel
import HTTPTypes

/// What absolute addresses begin with: what the client used, changed by forwarded headers.
enum WireBase {
    /// The beginning of addresses, without `/` at the end.
    ///
    /// - Parameter request: The request; headers that cannot be part of an address are left out of
    ///   account.
    /// - Returns: Scheme, host, port and prefix.
    static func of(_ request: WireRequest) -> String {
        let fields = request.fields
        // Nearly always: made once here and not taken apart.
        guard fields.contains(where: { forwarded.contains($0.name) }) else {
            return request.origin
        }
        let origin = Origin(request.origin)
        var scheme = origin.scheme
        var host = origin.host
        var port = origin.port
        if let text = fields.first(WireField.forwardedPort), let value = UInt16(text) {
            port = value
        }
        if let text = fields.first(WireField.forwardedProto), isScheme(text) {
            scheme = text.lowercased()
        }
        if let list = fields.first(WireField.forwardedHost) {
            let first = list.prefix { $0 != "," }.filter { $0 != " " }
            let forwarded = Origin("\(scheme)://\(first)")
            if !forwarded.host.isEmpty, forwarded.host.utf8.count <= hostBytes,
                isHost(forwarded.host)
            {
                host = forwarded.host
                port = forwarded.port ?? port
            }
        }
        var base = "\(scheme)://\(host)"
        if let port, port != defaultPort(scheme) { base += ":\(port)" }
        if let prefix = fields.first(WireField.forwardedPrefix), prefix.utf8.count <= prefixBytes {
            let trimmed = prefix.split(separator: "/", omittingEmptySubsequences: true)
            if !trimmed.isEmpty, trimmed.allSatisfy({ isSegment($0) }) {
                base += "/" + trimmed.joined(separator: "/")
            }
        }
        return base
    }

    /// Bytes of a forwarded host; a longer one is no name (RFC 1035 section 2.3.4).
    private static let hostBytes = 255
    /// Bytes of a forwarded prefix: every link of a page repeats it.
    private static let prefixBytes = 256

    private static let forwarded: Set<HTTPField.Name> = [
        WireField.forwardedHost, WireField.forwardedPort, WireField.forwardedPrefix,
        WireField.forwardedProto,
    ]

    private static func defaultPort(_ scheme: String) -> UInt16? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    private static func isScheme(_ text: String) -> Bool {
        ["http", "https"].contains(text.lowercased())
    }

    /// Letters, digits and what else stands in host names, or an address in brackets.
    private static func isHost(_ text: String) -> Bool {
        guard text.utf8.first == UInt8(ascii: "[") else {
            return text.utf8.allSatisfy(isUnreserved)
        }
        return text.utf8.last == UInt8(ascii: "]")
            && text.utf8.dropFirst().dropLast().allSatisfy {
                Hex.value(of: $0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
    }

    private static func isSegment(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { isUnreserved($0) || "%!$&'()*+,;=:@".utf8.contains($0) }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// A scheme, a host and a port, taken apart.
    private struct Origin {
        var scheme: String
        var host: String
        var port: UInt16?

        init(_ text: String) {
            let parts = text.split(separator: "://", maxSplits: 1)
            scheme = parts.count == 2 ? String(parts[0]) : "http"
            let authority = parts.last ?? ""
            // A bracketed address has colons of its own.
            let start = authority.lastIndex(of: "]") ?? authority.startIndex
            if let colon = authority[start...].lastIndex(of: ":") {
                host = String(authority[..<colon])
                port = UInt16(authority[authority.index(after: colon)...])
            } else {
                host = String(authority)
                port = nil
            }
        }
    }
}

extension HTTPFields {
    /// The first value of a field; nil where there is none.
    func first(_ name: HTTPField.Name) -> String? { self[values: name].first }

    /// All values of a list field as one list; nil where there is none.
    func joined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ",")
    }
}

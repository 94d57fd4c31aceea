import FoundationEssentials
import HTTPTypes

/// Decides, redirect by redirect, whether and where a request goes on.
///
/// A decision without I/O: the same rules hold whatever transport asks.
struct RedirectWalk {
    /// Redirects in a row that are followed.
    static let limit = 5

    private(set) var address: URL
    private(set) var followed = 0
    private var visited: Set<String>
    private let staysAtOrigin: Bool

    /// Starts at the address that was asked for first.
    ///
    /// - Parameters:
    ///   - address: The address that was asked for first.
    ///   - staysAtOrigin: Whether redirects to another origin are refused.
    init(from address: URL, staysAtOrigin: Bool = false) {
        self.address = address
        self.staysAtOrigin = staysAtOrigin
        visited = [address.absoluteString]
    }

    /// Whether an answer is a redirect that a request with `method` follows.
    ///
    /// RFC 9110 section 15.4: 301, 302 and 303 may turn a POST into a GET; an append must not
    /// become a read, so it follows 307 and 308 alone.
    static func isRedirect(_ status: Int, method: HTTPRequest.Method) -> Bool {
        switch status {
        case 301, 302, 303: method == .get || method == .head
        case 307, 308: true
        default: false
        }
    }

    /// Goes on to where `location` leads.
    ///
    /// - Parameter location: The field `Location`, relative to the present address.
    /// - Throws: ``ExchangeError`` where it must not be followed.
    mutating func follow(_ location: String?) throws(ExchangeError) {
        guard let location, let target = URL(string: location, relativeTo: address)?.absoluteURL
        else { throw refusal("a redirect without a usable Location") }
        guard followed < Self.limit else {
            throw refusal("more than \(Self.limit) redirects in a row")
        }
        let scheme = target.scheme?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https", target.host?.isEmpty == false else {
            throw refusal("a redirect to \(excerpt(location)), which is no http or https address")
        }
        guard scheme == "https" || address.scheme?.lowercased() == "http" else {
            throw refusal("a redirect from https to http, which is not followed")
        }
        let next = target.withoutUserAndFragment
        guard !staysAtOrigin || Origin(next) == Origin(address) else {
            throw refusal("a redirect to \(excerpt(next.absoluteString)), which is another origin")
        }
        guard visited.insert(next.absoluteString).inserted else {
            throw refusal("a loop of redirects at \(excerpt(next.absoluteString))")
        }
        address = next
        followed += 1
    }

    private func refusal(_ text: String) -> ExchangeError {
        ExchangeError(.redirect(text), address: address.absoluteString)
    }
}

/// Scheme, host and port (RFC 6454): who may see credentials, and where out-of-line values may
/// come from.
struct Origin: Hashable, Sendable {
    private let scheme: String
    private let host: String
    private let port: Int

    /// The origin of an absolute address.
    init(_ address: URL) {
        scheme = address.scheme?.lowercased() ?? ""
        host = address.host?.lowercased() ?? ""
        port = address.port ?? (scheme == "https" ? 443 : 80)
    }
}

extension URL {
    /// The same address without what is no part of a request: user, password and fragment.
    var withoutUserAndFragment: URL {
        guard user != nil || password != nil || fragment != nil,
            var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        else { return self }
        parts.user = nil
        parts.password = nil
        parts.fragment = nil
        return parts.url ?? self
    }
}

/// The beginning of a text from outside, fit for one line of a message.
func excerpt(_ text: String, limit: Int = 120) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        shown.unicodeScalars.append(isControl ? " " : scalar)
    }
    return text.unicodeScalars.dropFirst(limit).isEmpty ? shown : shown + "…"
}

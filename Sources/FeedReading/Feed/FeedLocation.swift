public import FoundationEssentials
public import Subscriptions

/// Where a feed is read from.
public enum FeedLocation: Hashable, Sendable, CustomStringConvertible {
    /// A feed's head document, a static copy's `feed.atom`, or a server whose service document
    /// leads to the feed. User information in it is not used: see ``Credentials``.
    case web(URL)
    /// A folder that holds `feed.atom`, as `export` writes it.
    case folder(path: String)

    /// Reads what a person typed.
    ///
    /// `http:` and `https:` addresses lead to a server, `file:` addresses and paths to a folder or
    /// to the `feed.atom` in it. An address with a user's name or password is refused, since
    /// addresses end up in logs, files and lists of processes; it is not repeated in the error.
    ///
    /// - Parameter text: An address or a path.
    /// - Throws: `SourceError` (`unusableAddress`) that says what to write instead.
    public init(_ text: String) throws(SourceError) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let mayHaveUser = scheme == "http" || scheme == "https" || text.contains("://")
        guard !mayHaveUser || !Self.hasUser(text) else {
            throw SourceError(
                .unusableAddress,
                "an address must not hold a user's name or password: leave out what stands before "
                    + "the @, and give --user NAME with the password in EVENTFEED_PASSWORD, in "
                    + "--password-file or in .netrc"
            )
        }
        switch scheme {
        case "http", "https":
            self = .web(try Self.webAddress(text))
        case "file":
            guard let url = URL(string: text), url.host ?? "" == "" || url.host == "localhost"
            else {
                throw Self.unusable(text, "a file: address names a folder of this machine")
            }
            self = .folder(path: Self.folder(of: url.path(percentEncoded: false)))
        default:
            guard !text.isEmpty, !text.contains("://") else {
                throw Self.unusable(text, "give an http, https or file address, or a folder")
            }
            self = .folder(path: Self.folder(of: text))
        }
    }

    /// The address or path, without user information.
    public var description: String {
        switch self {
        case .web(let url): url.withoutUserAndFragment.absoluteString
        case .folder(let path): path
        }
    }

    private static func webAddress(_ text: String) throws(SourceError) -> URL {
        guard let url = URL(string: text), url.host?.isEmpty == false,
            (url.port ?? 80) > 0, (url.port ?? 80) <= 65_535
        else { throw unusable(text, "this is no address") }
        guard url.query == nil else {
            throw unusable(
                text,
                "give the address of the whole feed, without a query; filters are given apart"
            )
        }
        return url
    }

    /// Whether something stands before an `@` where the host is named, however that is spelled.
    private static func hasUser(_ text: String) -> Bool {
        let rest = text.drop { $0 != ":" }.dropFirst().drop { $0 == "/" || $0 == "\\" }
        return rest.prefix { !"/?#".contains($0) }.contains("@")
    }

    /// The folder that a path means: itself, or the one of the `feed.atom` that it names.
    private static func folder(of path: String) -> String {
        guard path.hasSuffix(".atom") else { return path.isEmpty ? "." : path }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func unusable(_ text: String, _ advice: String) -> SourceError {
        // What stands before an @ may be a password, however the rest is misspelled.
        let shown = text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
        return SourceError(.unusableAddress, "\(excerpt(shown)): \(advice)")
    }
}

import AccessControl
import EventStoreWire
import FeedPages
import HTTPTypes

/// Writes that a web page sends, while everybody may do everything.
extension FeedResponder {
    /// Refuses a write that a page of somebody else's site sends.
    ///
    /// A browser sends most of them only after it asked, which is not allowed; but a name that is
    /// made to lead here makes a page's own site of it (DNS rebinding). `Origin` tells the name.
    /// Where there are users it takes a password to do harm, and where the owner has said that all
    /// pages may write, they may.
    ///
    /// - Throws: 403.
    func checkOrigin(of request: FeedRequest) async throws {
        guard !["GET", "HEAD", "OPTIONS"].contains(request.method),
            let origin = request.fields[.origin], !isOwn(origin),
            configuration.eventStore?.isOpenToAllOrigins != true
        else { return }
        if let access = configuration.access, try await access.isOn { return }
        throw ProblemDetails(
            .notPermitted,
            "Web pages of \(origin) may not write here while there are no users: add a user, "
                + "or start the server with --event-store-cors.",
            facts: ["origin": .text(origin)]
        )
    }

    /// Whether an origin is this machine, or the address that the server gives as its own.
    private func isOwn(_ origin: String) -> Bool {
        let parts = origin.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return false }
        if let own = configuration.baseURL, own == origin || own.hasPrefix(origin + "/") {
            return true
        }
        let authority = parts[1]
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
        return Loopback.contains(String(host))
    }
}

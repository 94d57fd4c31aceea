import FeedPages
package import FoundationEssentials
package import Subscriptions

/// The place where a server's interface is mounted, from whatever address of it is at hand.
package enum ServerRoot {
    /// The root that belongs to the address of a server, of its feed or of its `events`.
    ///
    /// - Throws: `SourceError` (`unusableAddress`) for a folder, which takes no events.
    package static func of(_ location: FeedLocation) throws(SourceError) -> URL {
        guard case .web(let address) = location else {
            throw SourceError(
                .unusableAddress,
                "\(location) is a folder: events can be appended to a server alone"
            )
        }
        let feeds = [FeedAddress.head(nil)] + FeedForm.allCases.map { FeedAddress.head($0) }
        let names = (feeds + [.events]).map(\.relativePath)
        if names.contains(address.lastPathComponent), !address.hasDirectoryPath {
            return address.deletingLastPathComponent()
        }
        return address.hasDirectoryPath ? address : address.appending(path: "/")
    }
}

import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
import Subscriptions

/// Fetches documents, from a server or from a folder; knows nothing of what is in them.
protocol DocumentReader: Sendable {
    /// Where documents come from, in the words of a message, without credentials.
    var address: String { get }
    /// The address from which all others are computed, as it was given.
    var start: URL { get }
    /// Whether a query may be understood; a folder has no queries.
    var mayAnswerQueries: Bool { get }

    /// Fetches one document.
    ///
    /// - Throws: ``SourceError``; `CancellationError`.
    func read(_ question: DocumentQuestion) async throws -> DocumentAnswer
}

/// What to fetch.
struct DocumentQuestion: Sendable {
    /// What is expected there.
    enum Kind: Hashable, Sendable {
        /// A feed document in Atom.
        case feed
        /// A feed document in Atom, or a service document that leads to one.
        case start
        /// An entry document in Atom.
        case entry
        /// Bytes of any media type, which must not come from another origin.
        case value
    }

    var kind: Kind
    /// Whether nothing of the feed was read before, so that the address may be wrong.
    var isFirst = false
    var address: URL
    /// The tag of the same document when it was read before.
    var tag: String?
    /// How long the document may be.
    var limit: DocumentLimit
    /// How long the answer may be held until there is something new.
    var wait: Duration?
}

/// How many bytes a document may have, uncompressed.
enum DocumentLimit: Sendable {
    /// So many.
    case bytes(Int)
    /// As many as the page size that the document itself states asks for.
    case ownPageSize

    /// The most that any document may have.
    var most: Int {
        switch self {
        case .bytes(let count): count
        case .ownPageSize: WireLimits.pageBytes(pageSize: Limits.pageSizes.upperBound)
        }
    }
}

extension WebConversation.Question {
    /// Sets how long the answer's body may be.
    mutating func limit(to limit: DocumentLimit) {
        switch limit {
        case .bytes(let count):
            bodyLimit = count
            largerLimit = nil
        case .ownPageSize:
            bodyLimit = WireLimits.openingBytes
            largerLimit = { try WireLimits.documentBytes(openingWith: $0) }
        }
    }
}

/// What came.
enum DocumentAnswer: Sendable {
    case document(FetchedDocument)
    /// The document is the one that the tag belongs to.
    case unchanged
}

/// A whole document.
struct FetchedDocument: Sendable {
    var bytes: [UInt8]
    /// Where it came from, in the end: what references in it are relative to.
    var address: URL
    var tag: String?
    /// The media type in lower case without parameters; nil where nothing was said, as in a folder.
    var mediaType: String?

    /// The document's address in messages.
    var name: String {
        address.isFileURL ? address.path(percentEncoded: false) : address.absoluteString
    }
}

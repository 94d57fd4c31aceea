import EventModel
import FeedPages
import FeedReading
import Subscriptions

/// Everything that a history has published, as the files of a static copy; its end is fixed when
/// the walk begins.
protocol PublishedHistory: Sendable {
    /// What is fixed about the history.
    var identity: StoreIdentity { get }
    /// Where it ended when the walk began.
    var head: Head { get }

    /// Finds `c` at a number, by which a copy knows whether it is one of this history.
    ///
    /// - Parameter number: At most the number of ``head``.
    /// - Returns: The chain.
    /// - Throws: What cannot be read.
    func chain(at number: EventNumber) async throws -> ChainDigest

    /// Hands out the files of complete pages, oldest first: values before the page that refers to
    /// them.
    ///
    /// - Parameters:
    ///   - after: Only pages that hold a number beyond this one.
    ///   - chain: `c` at that number, where it is known; another one is an error.
    ///   - body: Takes the path and the bytes of one file.
    /// - Returns: `c` at the end of the last complete page, where one was read or it was known.
    /// - Throws: What cannot be read; what `body` throws.
    func pages(
        after: EventNumber,
        chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws -> ChainDigest?

    /// Hands out the files of the head document, `feed.atom` last.
    ///
    /// - Parameters:
    ///   - chain: `c` at the end of the last complete page, where it is known; a document that
    ///     states another one is an error.
    ///   - body: Takes the path and the bytes of one file.
    /// - Throws: What cannot be read; what `body` throws.
    func headDocument(
        continuing chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws
}

extension PageWalk: PublishedHistory {
    func pages(
        after: EventNumber,
        chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws -> ChainDigest? {
        try await pageFiles(after: after, continuing: chain) { try await body($0.path, $0.bytes) }
    }

    func headDocument(
        continuing chain: ChainDigest?,
        _ body: (_ path: String, _ bytes: [UInt8]) async throws -> Void
    ) async throws {
        try await headFiles(continuing: chain) { try await body($0.path, $0.bytes) }
    }
}

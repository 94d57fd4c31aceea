import Crypto

/// `d(n)`: the SHA-256 digest of what was written into one event.
///
/// It covers stream, type, id, both media types and the digests of data and metadata, each
/// preceded by its length as 8 bytes big-endian; what the store adds (number, version,
/// recorded-at) is covered by ``ChainDigest``. Two events with one digest have the same content.
public struct EventDigest: Hashable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Hashes the content of an event.
    ///
    /// - Parameter event: The event; absent metadata counts as an empty media type and no bytes.
    /// - Complexity: Linear in the bytes of data and metadata.
    public init(of event: NewEvent) {
        self.init(
            of: event,
            dataDigest: Array(SHA256.hash(data: event.data.bytes)),
            metadataDigest: Array(SHA256.hash(data: event.metadata?.bytes ?? []))
        )
    }

    /// Hashes an event whose values are known by their digests alone.
    ///
    /// - Parameters:
    ///   - event: The event; of its values only the media types count.
    ///   - dataDigest: SHA-256 of the data.
    ///   - metadataDigest: SHA-256 of the metadata, or of no bytes where there is none.
    package init(of event: NewEvent, dataDigest: [UInt8], metadataDigest: [UInt8]) {
        var hash = SHA256()
        hash.updateWithLength(Array(event.stream.text.utf8))
        hash.updateWithLength(Array(event.type.text.utf8))
        hash.updateWithLength(event.id.uuid.bytes)
        hash.updateWithLength(Array(event.data.mediaType.text.utf8))
        hash.updateWithLength(dataDigest)
        hash.updateWithLength(Array((event.metadata?.mediaType.text ?? "").utf8))
        hash.updateWithLength(metadataDigest)
        bytes = Array(hash.finalize())
    }
}

extension SHA256 {
    fileprivate mutating func updateWithLength(_ bytes: [UInt8]) {
        updateBigEndian(UInt64(bytes.count))
        update(data: bytes)
    }

    mutating func updateBigEndian(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { update(bufferPointer: $0) }
    }
}

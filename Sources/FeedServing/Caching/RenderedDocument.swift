import EventModel
import FeedPages
import HTTPTypes
import NIOCore

/// A document as it goes out again and again: its bytes in one coding and the fields that
/// belong to them.
struct RenderedDocument: Sendable {
    /// The bytes of the body.
    var body: ByteBuffer
    /// The entity tag of these bytes.
    var tag: EntityTag
    /// `Content-Type`, the facts and links, `Content-Encoding`.
    var fields: HTTPFields
    /// Whether it may be handed to others who ask for the same.
    var isKept = true
    /// Whether everybody may read all that is in it; of what is kept always.
    var isPublic = true
    /// Counts the bytes as long as anybody holds them; nil where nobody counts.
    var lease: DocumentLease?

    /// Takes a body that was just rendered.
    ///
    /// - Parameters:
    ///   - bytes: The body without any coding.
    ///   - tag: Its entity tag; computed from the body where it is nil.
    ///   - fields: The fields that belong to it.
    init(_ bytes: [UInt8], tag: EntityTag? = nil, fields: HTTPFields) {
        body = ByteBuffer(bytes: bytes)
        self.tag = tag ?? EntityTag(of: bytes)
        self.fields = fields
    }

    /// The same document with gzip.
    ///
    /// - Throws: ``Gzip/Failure``.
    func gzipped() throws(Gzip.Failure) -> RenderedDocument {
        var document = self
        document.body = ByteBuffer(bytes: try Gzip.compress(body))
        document.lease = nil
        document.tag = tag.gzipped
        document.fields[.contentEncoding] = "gzip"
        return document
    }

    /// Bytes of memory that keeping the document costs, fields roughly included.
    var cost: Int { body.storageCapacity + 1_024 }
}

extension RenderedDocument {
    /// Whether compressing the bytes is worth trying: documents and values that are text.
    var isText: Bool {
        guard let type = fields[.contentType] else { return false }
        return MediaType(stored: type).isUTF8Text || type.hasPrefix("application/x-ndjson")
    }
}

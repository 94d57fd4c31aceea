import AtomFormat
import EventModel

extension WireLimits {
    /// Bytes that a reader takes of a feed document before it knows how large a page is: 1 MiB.
    ///
    /// A larger document has `ef:feed` among them, which says so.
    public static let openingBytes = 1 << 20

    /// The most bytes that a feed document may have by its own page size, read from its beginning.
    ///
    /// It is what keeps a reader that knows nothing of a feed yet from taking what only the largest
    /// pages need.
    ///
    /// - Parameter beginning: The first ``openingBytes`` bytes of an Atom document, uncompressed;
    ///   what is beyond them is not looked at.
    /// - Returns: Bytes, at least ``openingBytes``.
    /// - Throws: ``FeedFormatError`` where no feed document begins like this: as soon as it cannot
    ///   be one, and where `ef:feed` does not come within these bytes.
    /// - Complexity: Linear in ``openingBytes``.
    public static func documentBytes(openingWith beginning: [UInt8]) throws(FeedFormatError) -> Int
    {
        var parser = AtomDocumentParser(AtomParser(extensions: [AtomNames.eventFeed]))
        do throws(AtomError) {
            try parser.feed(Array(beginning.prefix(openingBytes)))
        } catch {
            throw FeedFormatError(error)
        }
        guard let facts = parser.feedExtensions.first(where: { $0.name == AtomReading.feedName })
        else {
            throw AtomReading.notAnEventFeed(
                "a document without it in its first \(openingBytes) bytes"
            )
        }
        let text = facts.attribute(FactName.pageSize.attribute)
        guard let pageSize = text.flatMap({ Decimal.number($0.utf8) }).flatMap(Int.init(exactly:)),
            Limits.pageSizes.contains(pageSize)
        else {
            throw FeedFormatError(
                text == nil ? .missing : .invalidValue,
                field: "ef:feed/@\(FactName.pageSize.attribute)",
                found: (text, "10 to 500")
            )
        }
        return max(openingBytes, pageBytes(pageSize: pageSize))
    }
}

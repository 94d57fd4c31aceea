import EventModel
public import HTTPTypes

extension HTTPField.Name {
    /// `EventFeed-Epoch`, also in the answer to an append.
    public static let eventFeedEpoch = Self.known("EventFeed-Epoch")
    /// `EventFeed-Format`.
    public static let eventFeedFormat = Self.known("EventFeed-Format")
    /// `EventFeed-Page-Size`.
    public static let eventFeedPageSize = Self.known("EventFeed-Page-Size")
    /// `EventFeed-First`, the first number of a complete page.
    public static let eventFeedFirst = Self.known("EventFeed-First")
    /// `EventFeed-Last`, the last number of a complete page.
    public static let eventFeedLast = Self.known("EventFeed-Last")
    /// `EventFeed-Chain-Before`, `c` before a complete page.
    public static let eventFeedChainBefore = Self.known("EventFeed-Chain-Before")
    /// `EventFeed-Head`.
    public static let eventFeedHead = Self.known("EventFeed-Head")
    /// `EventFeed-After`.
    public static let eventFeedAfter = Self.known("EventFeed-After")
    /// `EventFeed-Scanned-To`.
    public static let eventFeedScannedTo = Self.known("EventFeed-Scanned-To")
    /// `EventFeed-Chain-After`.
    public static let eventFeedChainAfter = Self.known("EventFeed-Chain-After")
    /// `EventFeed-Chain`.
    public static let eventFeedChain = Self.known("EventFeed-Chain")
    /// `EventFeed-Filter`, the canonical filter.
    public static let eventFeedFilter = Self.known("EventFeed-Filter")
    /// `EventFeed-Version`, a stream's version; also in the answer to an append.
    public static let eventFeedVersion = Self.known("EventFeed-Version")
    /// `EventFeed-Metadata-Version`, the version of a stream's metadata stream, if it has events.
    public static let eventFeedMetadataVersion = Self.known("EventFeed-Metadata-Version")
    /// `EventFeed-Number`, the last number of an append.
    public static let eventFeedNumber = Self.known("EventFeed-Number")
    /// `Event-Type`, the type of an event whose data is the body.
    public static let eventType = Self.known("Event-Type")
    /// `Event-Id`, the id of an event whose data is the body.
    public static let eventID = Self.known("Event-Id")
    /// `Event-Metadata`, the metadata of an event whose data is the body.
    public static let eventMetadata = Self.known("Event-Metadata")
    /// `Link` (RFC 8288).
    public static let link = Self.known("Link")
    /// `Prefer` (RFC 7240).
    public static let prefer = Self.known("Prefer")
    /// `Preference-Applied` (RFC 7240).
    public static let preferenceApplied = Self.known("Preference-Applied")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is a token, which every field name is")
        }
        return name
    }
}

extension FeedFacts {
    /// The facts as response headers, in the order of the specification.
    public var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.eventFeedEpoch] = epoch.description
        fields[.eventFeedFormat] = String(format)
        fields[.eventFeedPageSize] = String(pageSize)
        switch extent {
        case .page(let range, let chainBefore):
            fields[.eventFeedFirst] = range.first.description
            fields[.eventFeedLast] = range.last.description
            fields[.eventFeedChainBefore] = chainBefore.description
        case .answer(let head, let after, let scannedTo, let chainAfter):
            fields[.eventFeedHead] = head?.description
            fields[.eventFeedAfter] = after.description
            fields[.eventFeedScannedTo] = scannedTo.description
            fields[.eventFeedChainAfter] = chainAfter.description
        }
        fields[.eventFeedChain] = chain.description
        fields[.eventFeedFilter] = filter
        fields[.eventFeedVersion] = stream?.version.description
        return fields
    }
}

extension [FeedLink] {
    /// The links as the value of one `Link` header (RFC 8288); empty where there is none.
    public var fieldValue: String {
        map { "<\($0.reference)>; rel=\"\($0.relation.rawValue)\"" }.joined(separator: ", ")
    }
}

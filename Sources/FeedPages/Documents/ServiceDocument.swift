import AtomFormat
public import EventModel

/// The AtomPub service document (RFC 5023 section 8) at `/`.
public struct ServiceDocument: Hashable, Sendable {
    /// What is fixed about the store.
    public let identity: StoreIdentity
    /// The limits in force.
    public let limits: WireLimits

    /// Describes a server.
    ///
    /// - Parameters:
    ///   - identity: What is fixed about the store.
    ///   - limits: The limits in force.
    public init(identity: StoreIdentity, limits: WireLimits) {
        self.identity = identity
        self.limits = limits
    }

    /// `application/atomsvc+xml`.
    public static let mediaType = "application/atomsvc+xml"

    /// Renders the document.
    ///
    /// - Returns: The whole body.
    public func render() -> [UInt8] {
        AtomFrame.writable { () throws(AtomError) in
            var writer = XMLWriter()
            writer.start("service")
            try writer.attribute("xmlns", AtomNamespaces.publishing)
            try writer.attribute("xmlns:atom", AtomNamespaces.atom)
            try writer.attribute("xmlns:ef", AtomNames.eventFeed)
            writer.start("ef:feed")
            try writer.attribute("epoch", identity.epoch.description)
            writer.attribute("format", number: identity.format)
            writer.attribute("page-size", number: identity.pageSize)
            writer.end()
            writer.start("ef:limits")
            for (name, value) in limits.attributes { writer.attribute(name, number: value) }
            writer.end()
            for (name, template) in templates {
                writer.start("ef:template")
                try writer.attribute("name", name)
                try writer.attribute("template", template)
                writer.end()
            }
            try workspace(&writer)
            writer.end()
            return writer.finish()
        }
    }

    /// Finds the feed of a server: the first collection of its service document.
    ///
    /// - Parameter bytes: A service document.
    /// - Returns: The collection's address, resolved against `xml:base` as far as there is one.
    /// - Throws: ``FeedFormatError`` where the bytes are no service document or have no collection.
    public static func feedReference(in bytes: [UInt8]) throws(FeedFormatError) -> String {
        guard case .service(let service) = try AtomReading.document(bytes) else {
            throw AtomReading.notAnEventFeed("an Atom document that is no service document")
        }
        guard let collection = service.firstCollection else {
            throw FeedFormatError(.missing, field: "collection")
        }
        return collection.href
    }

    /// RFC 6570 templates relative to the document.
    private var templates: KeyValuePairs<String, String> {
        let epoch = identity.epoch.shortForm
        return [
            "head": "feed{.form}",
            "after": "feed{.form}{?after,limit,wait,category*,stream*,type*}",
            "since": "feed{.form}{?since}",
            "page": "feed/\(epoch)/{first}-{last}{.form}",
            "data": "feed/\(epoch)/data/{number}",
            "metadata": "feed/\(epoch)/metadata/{number}",
            "stream": "feed/streams/{name}{?form,after,before,limit}",
            "event": "events/{number}",
            "event-data": "events/{number}/data",
            "event-metadata": "events/{number}/metadata",
        ]
    }

    private func workspace(_ writer: inout XMLWriter) throws(AtomError) {
        writer.start("workspace")
        try writer.element("atom:title", identity.title)
        writer.start("collection")
        try writer.attribute("href", "feed")
        try writer.element("atom:title", "All events")
        try writer.element("accept", "application/atom+xml;type=entry")
        writer.start("categories")
        try writer.attribute("href", "categories")
        writer.end()
        writer.end()
        writer.start("collection")
        try writer.attribute("href", "events")
        try writer.element("atom:title", "Appends, one event a line")
        try writer.element("accept", "application/x-ndjson")
        try writer.element("accept", "application/jsonl")
        try writer.element("accept", "application/json")
        writer.end()
        writer.end()
    }
}

extension WireLimits {
    /// The attributes of `ef:limits`, in order.
    var attributes: KeyValuePairs<String, Int> {
        [
            "data-bytes": store.dataBytes,
            "metadata-bytes": store.metadataBytes,
            "metadata-header-bytes": metadataHeaderBytes,
            "append-events": store.eventsPerAppend,
            "append-bytes": appendBytes,
            "name-bytes": Limits.nameBytes,
            "media-type-bytes": Limits.mediaTypeBytes,
            "json-depth": Limits.jsonDepth,
            "limit": answerEvents,
            "answer-bytes": answerBytes,
            "filter-values": filterValues,
            "filter-numbers": Limits.scannedNumbers,
            "wait-seconds": waitSeconds,
            "inline-bytes": Self.inlineBytes,
            "address-bytes": addressBytes,
            "header-bytes": headerBytes,
            "bodies-bytes": bodiesBytes,
        ]
    }
}

/// The AtomPub category document (RFC 5023 section 7) at `/categories`.
public enum CategoryDocument {
    /// `application/atomcat+xml`.
    public static let mediaType = "application/atomcat+xml"

    /// Renders the document: any type may be used.
    ///
    /// - Returns: The whole body.
    public static func render() -> [UInt8] {
        AtomFrame.writable { () throws(AtomError) in
            var writer = XMLWriter()
            writer.start("categories")
            try writer.attribute("xmlns", AtomNamespaces.publishing)
            try writer.attribute("fixed", "no")
            try writer.attribute("scheme", "urn:eventfeed:type")
            writer.end()
            return writer.finish()
        }
    }
}

import AtomFormat
import EventModel

/// Atom documents of an event feed as a reader takes them in.
enum AtomReading {
    static let feedName = XMLName(AtomNames.eventFeed, "feed")
    private static let eventName = XMLName(AtomNames.eventFeed, "event")
    private static let metadataName = XMLName(AtomNames.eventFeed, "metadata")

    /// Reads a feed document.
    static func feed(_ bytes: [UInt8]) throws(FeedFormatError) -> ParsedFeed {
        guard case .feed(let feed) = try document(bytes) else {
            throw notAnEventFeed("an Atom document that is no feed")
        }
        let facts = try facts(feed.extensions(feedName))
        var entries: [ParsedEntry] = []
        entries.reserveCapacity(feed.entries.count)
        for entry in feed.entries { entries.append(try parse(entry)) }
        let links = feed.links.map { ParsedLink(relation: $0.relation.name, reference: $0.href) }
        return try ParsedFeed.checked(facts, links: links, entries: entries)
    }

    /// Reads the entry document of one event.
    static func event(_ bytes: [UInt8]) throws(FeedFormatError) -> ParsedEvent {
        guard case .entry(let entry) = try document(bytes) else {
            throw notAnEventFeed("an Atom document that is no entry")
        }
        let facts = try facts(entry.extensions(feedName), of: .event)
        return ParsedEvent(facts: facts, entry: try parse(entry))
    }

    /// Reads any Atom document, with the elements and attributes of `ef:`.
    static func document(
        _ bytes: [UInt8],
        rules: AtomParser.EntryRules = .complete
    ) throws(FeedFormatError) -> AtomDocument {
        do throws(AtomError) {
            let parser = AtomParser(extensions: [AtomNames.eventFeed], entryRules: rules)
            return try parser.parse(bytes)
        } catch {
            throw FeedFormatError(error)
        }
    }

    private static func facts(
        _ elements: [XMLElement],
        of document: FactTexts.Document = .feed
    ) throws(FeedFormatError) -> FeedFacts {
        guard let element = elements.first else {
            throw notAnEventFeed("a document without ef:feed")
        }
        guard elements.count == 1 else { throw FeedFormatError(.repeated, field: "ef:feed") }
        var facts = FactTexts { "ef:feed/@\($0.attribute)" }
        for name in FactName.allCases { facts.texts[name] = element.attribute(name.attribute) }
        return try facts.facts(of: document)
    }

    static func notAnEventFeed(_ actual: String) -> FeedFormatError {
        FeedFormatError(
            .notAnEventFeed,
            field: "ef:feed",
            found: (actual, "an event feed, which has ef:feed in the namespace urn:eventfeed:1")
        )
    }

    private static func parse(_ entry: AtomEntry) throws(FeedFormatError) -> ParsedEntry {
        var texts = EntryTexts()
        let events = entry.extensions(eventName)
        guard let event = events.first else { throw texts.missing("ef:event") }
        guard events.count == 1 else { throw texts.repeated("ef:event") }
        func attribute(_ name: String) throws(FeedFormatError) -> String {
            guard let value = event.attribute(name) else {
                throw texts.missing("ef:event/@\(name)")
            }
            return value
        }
        let number = try texts.eventNumber(attribute("number").utf8, "ef:event/@number")
        guard let content = entry.content else { throw texts.missing("content") }
        let metadata = entry.extensions(metadataName)
        guard metadata.count <= 1 else { throw texts.repeated("ef:metadata") }
        var parsedMetadata: ParsedValue?
        if let element = metadata.first {
            let element = AtomValueElement(metadata: element)
            parsedMetadata = try value(element, "ef:metadata", texts)
        }
        return ParsedEntry(
            number: number,
            version: try texts.version(attribute("version").utf8, "ef:event/@version"),
            recordedAt: try texts.microseconds(
                attribute("recorded-at").utf8,
                "ef:event/@recorded-at"
            ),
            id: try id(entry.id, texts),
            stream: try texts.stream(attribute("stream"), "ef:event/@stream"),
            type: try texts.type(attribute("type"), "ef:event/@type"),
            data: try value(AtomValueElement(content), "content", texts),
            metadata: parsedMetadata
        )
    }

    private static func id(_ text: String, _ texts: EntryTexts) throws(FeedFormatError) -> EventID {
        guard text.utf8.count == 45, text.prefix(9).lowercased() == "urn:uuid:",
            let id = EventID(text.dropFirst(9))
        else { throw texts.invalid("id", text.utf8, "urn:uuid: and a UUID") }
        return id
    }

    private static func value(
        _ element: AtomValueElement,
        _ field: String,
        _ texts: EntryTexts
    ) throws(FeedFormatError) -> ParsedValue {
        if let source = element.source {
            guard let type = element.type else { throw texts.missing("\(field)/@type") }
            guard let length = element.length else { throw texts.missing("\(field)/@length") }
            guard let digest = element.digest else { throw texts.missing("\(field)/@digest") }
            let mediaType = try texts.mediaType(type, "\(field)/@type")
            return .outOfLine(
                try texts.outOfLine(source, mediaType, length: length.utf8, digest: digest)
            )
        }
        let inline: (bytes: [UInt8], mediaType: String)
        do throws(AtomValueElement.Fault) {
            inline = try element.inline()
        } catch {
            throw texts.error(error, field)
        }
        let mediaType = try texts.mediaType(inline.mediaType, "\(field)/@media-type")
        return .inline(Payload(inline.bytes, mediaType: mediaType))
    }
}

extension EntryTexts {
    fileprivate func error(_ fault: AtomValueElement.Fault, _ field: String) -> FeedFormatError {
        switch fault {
        case .invalid(let attribute, let value):
            invalid("\(field)/@\(attribute)", value.utf8, "base64, or no such attribute")
        case .elsewhere:
            missing("\(field)/@type")
        case .notBase64:
            invalid(field, "".utf8, "base64 with padding")
        case .markup, .elements:
            invalid(field, "".utf8, "text without child elements")
        }
    }
}

extension FeedFormatError {
    /// Says in our words what the parser of Atom documents refused.
    init(_ error: AtomError) {
        let code: Code =
            switch error.code {
            case .root: .notAnEventFeed
            case .limit: .tooLarge
            case .missing: .missing
            case .duplicate: .repeated
            case .invalid: .invalidValue
            default: .malformed
            }
        self.init(
            code,
            field: error.subject.isEmpty ? nil : error.subject,
            at: error.line > 0 ? (error.line, error.column > 0 ? error.column : nil) : nil,
            found: (error.description, nil)
        )
    }
}

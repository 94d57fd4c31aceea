import AtomFormat
import EventModel

/// Atom documents around entries, and entries themselves.
enum AtomFrame {
    /// The feed document with entries that were rendered before.
    static func render(_ document: FeedDocument, around entries: [UInt8]) -> [UInt8] {
        writable { () throws(AtomError) in
            var writer = XMLWriter(capacity: entries.count + 4_096)
            try writer.startRoot("feed")
            try writer.element("id", "urn:uuid:\(document.id)")
            try writer.element("title", document.title)
            try writer.element("updated", document.updated)
            try writer.author(document.author)
            try writer.facts(document.facts)
            if document.facts.pageRange != nil {
                writer.start("fh:archive")
                writer.end()
            }
            try writer.links(document.links(.atom))
            if !entries.isEmpty { writer.splice(entries) }
            writer.end()
            return writer.finish()
        }
    }

    /// An entry as it stands in a feed, beginning with a line feed.
    static func entry(_ event: RecordedEvent, place: DocumentPlace, valuePrefix: String) -> [UInt8]
    {
        writable { () throws(AtomError) in
            var writer = XMLWriter(pieceAtDepth: 1)
            writer.start("entry")
            try writer.entryIdentity(event)
            try writer.eventFacts(event)
            writer.start("link")
            try writer.attribute("rel", "alternate")
            try writer.attribute("href", "\(place.eventPrefix)\(event.number)")
            writer.end()
            try writer.values(event, valuePrefix: valuePrefix)
            writer.end()
            return writer.bytes
        }
    }

    /// The entry document of one event.
    static func render(_ document: EventDocument) -> [UInt8] {
        writable { () throws(AtomError) in
            var writer = XMLWriter()
            try writer.startRoot("entry")
            try writer.entryIdentity(document.event)
            try writer.author(document.author)
            try writer.facts(document.facts)
            try writer.eventFacts(document.event)
            try writer.links(document.links(.atom))
            let prefix = DocumentPlace.events.valuePrefix(epoch: document.facts.epoch)
            try writer.values(document.event, valuePrefix: prefix)
            writer.end()
            return writer.finish()
        }
    }

    /// Runs code that writes nothing but names and media types, which are checked when they are
    /// made, and values that ``ValueForm`` found to be text: XML can carry all of them.
    static func writable<Result>(_ write: () throws(AtomError) -> Result) -> Result {
        do throws(AtomError) {
            return try write()
        } catch {
            preconditionFailure("a name was not checked before it was stored: \(error)")
        }
    }
}

extension XMLWriter {
    /// Writes `ef:feed`.
    mutating func facts(_ facts: FeedFacts) throws(AtomError) {
        start("ef:feed")
        try attribute("epoch", facts.epoch.description)
        attribute("format", number: facts.format)
        attribute("page-size", number: facts.pageSize)
        switch facts.extent {
        case .page(let range, let chainBefore):
            attribute("first", number: range.first.rawValue)
            attribute("last", number: range.last.rawValue)
            try attribute("chain-before", chainBefore.description)
        case .answer(let head, let after, let scannedTo, let chainAfter):
            if let head { attribute("head", number: head.rawValue) }
            attribute("after", number: after.rawValue)
            attribute("scanned-to", number: scannedTo.rawValue)
            try attribute("chain-after", chainAfter.description)
        }
        try attribute("chain", facts.chain.description)
        try attribute("filter", ifAny: facts.filter)
        if let stream = facts.stream {
            try attribute("stream", ifAny: stream.name?.text)
            attribute("version", number: stream.version.rawValue)
        }
        end()
    }
}

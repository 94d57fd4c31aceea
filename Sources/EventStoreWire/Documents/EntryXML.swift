import EventModel

/// Writes entries as XML, for feeds and for single events.
struct EntryXML {
    /// How the document names Atom's elements.
    enum Form {
        /// Atom is the default namespace, so that what is foreign must leave it: in feeds.
        case plain
        /// Atom's elements have the prefix `atom`: in documents of one entry.
        case prefixed
    }

    private let form: Form
    private let pieces: Pieces
    /// Whether an event that is JSON is shown under `content`.
    private let showsContent: Bool
    private var shown: StreamTexts
    /// The address of the entry that is written, escaped.
    private var address: [UInt8] = []

    init(_ form: Form, showsContent: Bool, addresses: WireAddresses) {
        self.form = form
        self.showsContent = showsContent
        pieces = form == .plain ? .plain : .prefixed
        shown = StreamTexts(
            addresses,
            escapeName: { XMLOutput.append(text: $0, to: &$1) },
            escapeAddress: { XMLOutput.append(attribute: $0, to: &$1) }
        )
    }

    /// Writes an entry; its address is that of the event that is shown, its time and type are
    /// those of the event in the stream that is read.
    mutating func write(_ entry: WireEntry, to xml: inout [UInt8]) {
        var number = entry.shown.number
        if case .broken(let stream, let place) = entry.link {
            shown.select(stream)
            number = place
        } else {
            shown.select(entry.shown.streamID)
        }
        address.removeAll(keepingCapacity: true)
        address.append(contentsOf: shown.address)
        address.append(UInt8(ascii: "/"))
        address.add(number)
        xml.append(contentsOf: pieces.title)
        xml.add(number)
        xml.append(UInt8(ascii: "@"))
        xml.append(contentsOf: shown.name)
        xml.append(contentsOf: pieces.id)
        xml.append(contentsOf: address)
        xml.append(contentsOf: pieces.updated)
        xml.add(entry.event.recordedAt)
        xml.append(contentsOf: pieces.summary)
        XMLOutput.append(text: entry.event.type, to: &xml)
        xml.append(contentsOf: pieces.edit)
        xml.append(contentsOf: address)
        xml.append(contentsOf: pieces.alternate)
        xml.append(contentsOf: address)
        xml.append(contentsOf: pieces.endOfLinks)
        if showsContent, entry.link == nil, entry.event.isJSON {
            xml.append(contentsOf: pieces.content)
            Self.writeEvent(
                entry.event,
                attributes: form == .plain ? " xmlns=\"\"" : "",
                to: &xml
            )
            xml.append(contentsOf: pieces.endOfContent)
        }
        xml.append(contentsOf: pieces.end)
    }

    /// What is the same in all entries, put together once for each form: a page has hundreds.
    private struct Pieces {
        let title: [UInt8]
        let id: [UInt8]
        let updated: [UInt8]
        let summary: [UInt8]
        let edit: [UInt8]
        let alternate: [UInt8]
        let endOfLinks = Array("\" rel=\"alternate\" />".utf8)
        let content: [UInt8]
        let endOfContent: [UInt8]
        let end: [UInt8]

        static let plain = Pieces(prefix: "", attributes: "")
        static let prefixed = Pieces(
            prefix: "atom:",
            attributes: " xmlns:atom=\"http://www.w3.org/2005/Atom\""
        )

        /// - Parameters:
        ///   - p: What stands before the names of elements.
        ///   - attributes: What the entry declares.
        private init(prefix p: String, attributes: String) {
            title = Array("<\(p)entry\(attributes)><\(p)title>".utf8)
            id = Array("</\(p)title><\(p)id>".utf8)
            updated = Array("</\(p)id><\(p)updated>".utf8)
            let author = "<\(p)author><\(p)name>EventStore</\(p)name></\(p)author>"
            summary = Array("</\(p)updated>\(author)<\(p)summary>".utf8)
            edit = Array("</\(p)summary><\(p)link href=\"".utf8)
            alternate = Array("\" rel=\"edit\" /><\(p)link href=\"".utf8)
            content = Array("<\(p)content type=\"application/xml\">".utf8)
            endOfContent = Array("</\(p)content>".utf8)
            end = Array("</\(p)entry>".utf8)
        }
    }
}

/// Events as elements of their own.
extension EntryXML {
    /// Writes the elements that say what an event is.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - attributes: What each of the elements declares, with a space before it.
    ///   - xml: Takes the elements.
    static func writeEvent(
        _ event: WireEvent,
        attributes: StaticString = "",
        to xml: inout [UInt8]
    ) {
        open("eventStreamId", attributes, to: &xml)
        XMLOutput.append(text: event.streamID, to: &xml)
        xml.add("</eventStreamId>")
        open("eventNumber", attributes, to: &xml)
        xml.add(event.number)
        xml.add("</eventNumber>")
        open("eventType", attributes, to: &xml)
        XMLOutput.append(text: event.type, to: &xml)
        xml.add("</eventType>")
        open("eventId", attributes, to: &xml)
        xml.add(event.id)
        xml.add("</eventId>")
        writeBody(event.data, of: event, as: "data", attributes: attributes, to: &xml)
        writeBody(event.metadata, of: event, as: "metadata", attributes: attributes, to: &xml)
    }

    private static func open(
        _ name: StaticString,
        _ attributes: StaticString,
        to xml: inout [UInt8]
    ) {
        xml.append(UInt8(ascii: "<"))
        xml.add(name)
        xml.add(attributes)
        xml.append(UInt8(ascii: ">"))
    }

    /// Writes data or metadata as an element: converted where the event is JSON and the bytes are,
    /// or as text.
    static func writeBody(
        _ bytes: [UInt8],
        of event: WireEvent,
        as name: StaticString,
        attributes: StaticString = "",
        to xml: inout [UInt8]
    ) {
        if event.isJSON, let value = JSONIndent.value(in: bytes) {
            JSONToXML.append(bytes, value, as: name, attributes: attributes, to: &xml)
        } else {
            JSONToXML.append(text: bytes, as: name, attributes: attributes, to: &xml)
        }
    }
}

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
    private let prefix: StaticString
    /// Whether an event that is JSON is shown under `content`.
    private let showsContent: Bool
    private var shown: StreamTexts

    init(_ form: Form, showsContent: Bool, addresses: WireAddresses) {
        self.form = form
        self.showsContent = showsContent
        prefix = form == .plain ? "" : "atom:"
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
        xml.append(UInt8(ascii: "<"))
        xml.add(prefix)
        xml.add(form == .plain ? "entry>" : "entry xmlns:atom=\"http://www.w3.org/2005/Atom\">")
        element("title", to: &xml) {
            $0.add(number)
            $0.append(UInt8(ascii: "@"))
            $0.append(contentsOf: shown.name)
        }
        element("id", to: &xml) { appendAddress(number, to: &$0) }
        element("updated", to: &xml) { $0.add(entry.event.recordedAt) }
        element("author", to: &xml) { xml in
            element("name", to: &xml) { $0.add("EventStore") }
        }
        element("summary", to: &xml) { XMLOutput.append(text: entry.event.type, to: &$0) }
        writeLink("edit", number, to: &xml)
        writeLink("alternate", number, to: &xml)
        if showsContent, entry.link == nil, entry.event.isJSON {
            writeContent(entry.event, to: &xml)
        }
        close("entry", to: &xml)
    }

    private func writeLink(_ relation: StaticString, _ number: Int64, to xml: inout [UInt8]) {
        xml.append(UInt8(ascii: "<"))
        xml.add(prefix)
        xml.add("link href=\"")
        appendAddress(number, to: &xml)
        xml.add("\" rel=\"")
        xml.add(relation)
        xml.add("\" />")
    }

    private func appendAddress(_ number: Int64, to xml: inout [UInt8]) {
        xml.append(contentsOf: shown.address)
        xml.append(UInt8(ascii: "/"))
        xml.add(number)
    }

    private func writeContent(_ event: WireEvent, to xml: inout [UInt8]) {
        xml.append(UInt8(ascii: "<"))
        xml.add(prefix)
        xml.add("content type=\"application/xml\">")
        Self.writeEvent(event, attributes: form == .plain ? " xmlns=\"\"" : "", to: &xml)
        close("content", to: &xml)
    }

    private func element(
        _ name: StaticString,
        to xml: inout [UInt8],
        _ content: (inout [UInt8]) -> Void
    ) {
        xml.append(UInt8(ascii: "<"))
        xml.add(prefix)
        xml.add(name)
        xml.append(UInt8(ascii: ">"))
        content(&xml)
        close(name, to: &xml)
    }

    private func close(_ name: StaticString, to xml: inout [UInt8]) {
        xml.add("</")
        xml.add(prefix)
        xml.add(name)
        xml.append(UInt8(ascii: ">"))
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

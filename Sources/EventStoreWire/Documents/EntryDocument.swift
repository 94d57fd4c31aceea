import EventModel

/// The forms in which a single event is shown.
enum EntryCodec: CaseIterable, Sendable {
    /// `application/vnd.eventstore.atom+json`.
    case atomJSON
    /// `application/atom+xml`.
    case atomXML
    /// `application/json`: the data alone.
    case json
    /// `text/xml` and `application/xml`: the data alone.
    case xml
    /// `application/vnd.eventstore.event+json`.
    case eventJSON
    /// `application/vnd.eventstore.event+xml`.
    case eventXML
    /// `application/octet-stream`: the data as they are stored.
    case octetStream
    /// `text/html`.
    case html
}

/// A single event as a document.
enum EntryDocument {
    /// Writes an event; where it is a link that was resolved, the one that it leads to.
    ///
    /// - Parameters:
    ///   - entry: The event; a broken link is shown as the event that it is.
    ///   - codec: The form.
    ///   - embed: What `atom+json` says about the event beside its content.
    ///   - addresses: Where the entry leads.
    /// - Returns: The document.
    static func render(
        _ entry: WireEntry,
        as codec: EntryCodec,
        embed: EmbedMode,
        addresses: WireAddresses
    ) -> [UInt8] {
        let event = entry.shown
        switch codec {
        case .octetStream: return event.data
        case .html: return HTMLDocument.render(entry, addresses: addresses)
        case .atomJSON, .json, .eventJSON:
            var json = JSONOutput(capacity: 1_024 + 2 * (event.data.count + event.metadata.count))
            if codec == .atomJSON {
                var writer = EntryJSON(.document, embed: embed, addresses: addresses)
                writer.write(entry, to: &json)
            } else if codec == .json {
                EntryJSON.writeBody(event.data, of: event, to: &json)
            } else {
                EntryJSON.writeEvent(event, to: &json)
            }
            return json.bytes
        case .atomXML, .xml, .eventXML:
            var xml: [UInt8] = []
            xml.reserveCapacity(1_024 + 2 * (event.data.count + event.metadata.count))
            if codec == .atomXML {
                xml.add(XMLOutput.declaration)
                var writer = EntryXML(.prefixed, showsContent: true, addresses: addresses)
                writer.write(entry, to: &xml)
            } else if codec == .xml {
                EntryXML.writeBody(event.data, of: event, as: "data", to: &xml)
            } else {
                xml.add("<event>")
                EntryXML.writeEvent(event, to: &xml)
                xml.add("</event>")
            }
            return xml
        }
    }

    /// What is shown as the metadata of a stream that has none: an empty object in JSON, nothing in
    /// all other forms.
    static func noMetadata(as codec: EntryCodec) -> [UInt8] {
        switch codec {
        case .atomJSON, .json, .eventJSON: Array("{}".utf8)
        case .atomXML, .xml, .eventXML, .octetStream, .html: []
        }
    }
}

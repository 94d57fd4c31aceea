import EventModel

/// Pages for a browser: plain documents without any script.
///
/// The product answers with a script that goes on to its web interface, which is not here. What
/// streams, types and data say is escaped wherever it stands.
enum HTMLDocument {
    /// Writes a page of events.
    static func render(_ feed: WireFeed) -> [UInt8] {
        page(feed.title, capacity: 4_096 + feed.entries.count * 512) { html in
            html.add("<p>")
            for link in feed.links {
                add(link.uri, text: link.relation, to: &html)
                html.add(" ")
            }
            html.add("</p>\n<ul>\n")
            for entry in feed.entries {
                html.add("<li>")
                add(title(of: entry), to: &html)
                html.add(" ")
                add(entry.event.type, to: &html)
                html.add(" ")
                html.add(entry.event.recordedAt)
                html.add("</li>\n")
            }
            html.add("</ul>\n")
        }
    }

    /// Writes a single event.
    static func render(_ entry: WireEntry, addresses: WireAddresses) -> [UInt8] {
        let event = entry.shown
        let capacity = 2_048 + 2 * (event.data.count + event.metadata.count)
        return page(title(of: entry), capacity: capacity) { html in
            html.add("<p>")
            add(event.type, to: &html)
            html.add(" ")
            html.add(entry.event.recordedAt)
            html.add(" ")
            html.add(event.id)
            html.add("</p>\n<p>")
            add(addresses.stream(event.streamID), text: event.streamID, to: &html)
            html.add(" ")
            let number = String(event.number)
            add(addresses.event(event.streamID, event.number), text: number, to: &html)
            html.add("</p>\n")
            add(event.data, of: event, to: &html)
            if !event.metadata.isEmpty { add(event.metadata, of: event, to: &html) }
        }
    }

    private static func title(of entry: WireEntry) -> String {
        if case .broken(let stream, let number) = entry.link { return "\(number)@\(stream)" }
        return "\(entry.shown.number)@\(entry.shown.streamID)"
    }

    private static func page(
        _ title: String,
        capacity: Int,
        _ body: (inout [UInt8]) -> Void
    ) -> [UInt8] {
        var html: [UInt8] = []
        html.reserveCapacity(capacity)
        html.add("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>")
        add(title, to: &html)
        html.add("</title>\n</head>\n<body>\n<h1>")
        add(title, to: &html)
        html.add("</h1>\n")
        body(&html)
        html.add("</body>\n</html>\n")
        return html
    }

    /// Appends text; the escapes of XML are also those of HTML.
    private static func add(_ text: String, to html: inout [UInt8]) {
        XMLOutput.append(attribute: text, to: &html)
    }

    /// Appends a link.
    ///
    /// Its address begins with what headers of the request said: one that is not of the web is not
    /// linked.
    private static func add(_ address: String, text: String, to html: inout [UInt8]) {
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            return add(text, to: &html)
        }
        html.add("<a href=\"")
        add(address, to: &html)
        html.add("\">")
        add(text, to: &html)
        html.add("</a>")
    }

    /// Appends data or metadata, indented where they are JSON.
    private static func add(_ bytes: [UInt8], of event: WireEvent, to html: inout [UInt8]) {
        html.add("<pre>")
        if event.isJSON, let value = JSONIndent.value(in: bytes) {
            var indented: [UInt8] = []
            JSONIndent.append(bytes, value, indent: 0, to: &indented)
            XMLOutput.append(text: indented, to: &html)
        } else {
            XMLOutput.append(text: bytes, to: &html)
        }
        html.add("</pre>\n")
    }
}

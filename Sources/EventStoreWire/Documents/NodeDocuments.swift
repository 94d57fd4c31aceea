/// What the node says about itself.
enum NodeDocuments {
    /// The forms of these documents.
    enum Codec: CaseIterable, Sendable {
        /// `application/json`.
        case json
        /// `text/xml` and `application/xml`.
        case xml
        /// `text/plain`.
        case text
    }

    /// The answer to `/ping`.
    static func ping(as codec: Codec) -> [UInt8] {
        let text = "Ping request successfully handled"
        switch codec {
        case .json:
            var json = JSONOutput(capacity: 128)
            json.openObject()
            // The product's number of a kind of message inside of it, which differs by version.
            json.name("msgTypeId")
            json.number(1)
            json.member("text", text)
            json.closeObject()
            return json.bytes
        case .xml:
            var xml: [UInt8] = []
            xml.add(XMLOutput.declaration)
            xml.add("<TextMessage xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" ")
            xml.add("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><Text>")
            xml.add(text)
            xml.add("</Text></TextMessage>")
            return xml
        case .text:
            return Array("Text: \(text)".utf8)
        }
    }

    /// The answer to `/info`: clients look at the version to know what they may ask for.
    static func info(as codec: Codec) -> [UInt8] {
        let (version, state, projections) = ("5.0.11.0", "master", "None")
        switch codec {
        case .json:
            var json = JSONOutput(capacity: 128)
            json.openObject()
            json.member("esVersion", version)
            json.member("state", state)
            json.member("projectionsMode", projections)
            json.closeObject()
            return json.bytes
        case .xml:
            var xml: [UInt8] = []
            xml.add(XMLOutput.declaration)
            xml.add("<Info><ESVersion>")
            xml.add(version)
            xml.add("</ESVersion><State>")
            xml.add(state)
            xml.add("</State><ProjectionsMode>")
            xml.add(projections)
            xml.add("</ProjectionsMode></Info>")
            return xml
        case .text:
            return Array(
                "ESVersion: \(version)\nState: \(state)\nProjectionsMode: \(projections)".utf8
            )
        }
    }

    /// The answer to `/info/options`: that there are none to be seen from outside.
    static func options() -> [UInt8] { Array("[]".utf8) }

    /// What a browser sees at the place of the product's own user interface.
    static func webPage() -> [UInt8] {
        Array(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>EventFeed</title></head>
            <body>
            <h1>EventFeed</h1>
            <p>This server speaks the Atom interface of the Event Store product. There is no user
            interface here; the history can be read at these addresses:</p>
            <ul>
            <li><a href="/">/</a>: what there is</li>
            <li><a href="/feed">/feed</a>: the newest events of all streams</li>
            <li><a href="/info">/info</a>, <a href="/stats">/stats</a>: this node</li>
            </ul>
            </body>
            </html>

            """.utf8
        )
    }
}

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
}

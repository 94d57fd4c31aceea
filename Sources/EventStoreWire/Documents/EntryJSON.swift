import EventModel

/// Writes entries as members of JSON objects, for feeds and for single events.
struct EntryJSON {
    /// Where an entry stands.
    enum Place {
        /// It is an element of a page.
        case page
        /// It is the whole document.
        case document
    }

    private let embed: EmbedMode
    private let pieces: Pieces
    /// Whether an event that is JSON is shown as such.
    private let showsContent: Bool
    /// The stream that entries show.
    private var shown: StreamTexts
    /// The stream that is read, where entries show what they link to.
    private var read: StreamTexts

    /// The address of the entry that is written, escaped.
    private var address: [UInt8] = []

    init(_ place: Place, embed: EmbedMode, addresses: WireAddresses) {
        self.embed = embed
        showsContent = place == .document || embed == .content
        pieces = place == .document ? .document : .page
        shown = StreamTexts(addresses, escapeName: Self.escape, escapeAddress: Self.escape)
        read = shown
    }

    /// Appends a text as it stands between the quotes of a string.
    private static func escape(_ text: String, _ bytes: inout [UInt8]) {
        var string: [UInt8] = []
        JSONWriting.appendString(text, to: &string)
        bytes.append(contentsOf: string.dropFirst().dropLast())
    }

    /// Writes an entry.
    mutating func write(_ entry: WireEntry, to json: inout JSONOutput) {
        json.openObject()
        let event = entry.shown
        if case .broken(let stream, let number) = entry.link {
            shown.select(stream)
            writeAtom(entry, number: number, to: &json)
        } else {
            shown.select(event.streamID)
            if embed.isRich { writeRich(entry, to: &json) }
            writeAtom(entry, number: event.number, to: &json)
        }
        json.closeObject()
    }

    /// Writes what every entry has; its address is that of the event that is shown, its time and
    /// type are those of the event in the stream that is read.
    private mutating func writeAtom(
        _ entry: WireEntry,
        number: Int64,
        to json: inout JSONOutput
    ) {
        address.removeAll(keepingCapacity: true)
        address.append(contentsOf: shown.address)
        address.append(UInt8(ascii: "/"))
        address.add(number)
        json.name("title")
        json.quoted {
            $0.add(number)
            $0.append(UInt8(ascii: "@"))
            $0.append(contentsOf: shown.name)
        }
        json.piece(pieces.id)
        json.piece(address)
        json.piece(pieces.updated)
        json.time(entry.event.recordedAt)
        json.piece(pieces.summary)
        json.string(entry.event.type)
        if showsContent, entry.link == nil, entry.event.isJSON {
            json.name("content")
            Self.writeEvent(entry.event, to: &json)
        }
        json.piece(pieces.edit)
        json.piece(address)
        json.piece(pieces.alternate)
        json.piece(address)
        json.piece(pieces.end)
    }

    /// What is the same in all entries, laid out once for each place: a page has hundreds.
    private struct Pieces {
        let id: [UInt8]
        let updated: [UInt8]
        let summary: [UInt8]
        let edit: [UInt8]
        let alternate: [UInt8]
        let end: [UInt8]

        static let page = Pieces(indent: 6)
        static let document = Pieces(indent: 2)

        /// - Parameter indent: The spaces before a member of the entry.
        private init(indent: Int) {
            /// Text between two values, with the spaces of the place after each line end.
            func piece(_ lines: String...) -> [UInt8] {
                let space = String(repeating: " ", count: indent)
                return Array(lines.joined(separator: "\n" + space).utf8)
            }
            id = piece(",", #""id": ""#)
            updated = piece(#"","#, #""updated": "#)
            summary = piece(
                ",",
                #""author": {"#,
                #"  "name": "EventStore""#,
                "},",
                #""summary": "#
            )
            edit = piece(",", #""links": ["#, "  {", #"    "uri": ""#)
            alternate = piece(
                #"","#,
                #"    "relation": "edit""#,
                "  },",
                "  {",
                #"    "uri": ""#
            )
            end = piece(#"","#, #"    "relation": "alternate""#, "  }", "]")
        }
    }

    /// Writes an event as an object of its own: `content`, and the codec `event+json`.
    static func writeEvent(_ event: WireEvent, to json: inout JSONOutput) {
        json.openObject()
        json.member("eventStreamId", event.streamID)
        json.name("eventNumber")
        json.number(event.number)
        json.member("eventType", event.type)
        json.name("eventId")
        json.quoted { $0.add(event.id) }
        json.name("data")
        writeBody(event.data, of: event, to: &json)
        json.name("metadata")
        writeBody(event.metadata, of: event, to: &json)
        json.closeObject()
    }

    /// Writes data or metadata as JSON, or in a string where the event is not said to be JSON, or
    /// the bytes are none.
    static func writeBody(_ bytes: [UInt8], of event: WireEvent, to json: inout JSONOutput) {
        if event.isJSON { json.valueOrString(bytes) } else { json.string(bytes) }
    }
}

/// What is known about an event, in front of what every entry has.
extension EntryJSON {
    private mutating func writeRich(_ entry: WireEntry, to json: inout JSONOutput) {
        let event = entry.shown
        json.name("eventId")
        json.quoted { $0.add(event.id) }
        json.member("eventType", event.type)
        json.name("eventNumber")
        json.number(event.number)
        let linkMetadata = entry.link == nil ? [] : entry.event.metadata
        let isJSON = embed.showsBody ? writeBodies(event, linkMetadata, to: &json) : event.isJSON
        json.name("streamId")
        json.quoted { $0.append(contentsOf: shown.name) }
        json.name("isJson")
        json.bool(isJSON)
        json.name("isMetaData")
        json.bool(embed.showsBody && !event.metadata.isEmpty)
        json.name("isLinkMetaData")
        json.bool(embed.showsBody && !linkMetadata.isEmpty)
        json.name("positionEventNumber")
        json.number(entry.event.number)
        json.name("positionStreamId")
        read.select(entry.event.streamID)
        json.quoted { $0.append(contentsOf: read.name) }
    }

    /// Writes data and both metadata as strings; returns whether the data are JSON, which
    /// `tryharder` finds out where nobody said so.
    private func writeBodies(
        _ event: WireEvent,
        _ linkMetadata: [UInt8],
        to json: inout JSONOutput
    ) -> Bool {
        var isJSON = event.isJSON
        if event.isJSON || embed == .tryharder {
            json.name("data")
            isJSON = writeText(event.data, to: &json) || isJSON
        }
        if !event.metadata.isEmpty {
            json.name("metaData")
            writeText(event.metadata, to: &json)
        }
        if !linkMetadata.isEmpty {
            json.name("linkMetaData")
            writeText(linkMetadata, to: &json)
        }
        return isJSON
    }

    /// Writes bytes in a string, indented where they are an object and the mode indents; returns
    /// whether they are such an object.
    @discardableResult
    private func writeText(_ bytes: [UInt8], to json: inout JSONOutput) -> Bool {
        guard embed.indents, let object = JSONIndent.object(in: bytes) else {
            json.string(bytes)
            return false
        }
        json.stringOfValue(bytes, object)
        return true
    }
}

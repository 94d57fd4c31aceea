import EventModel

/// JSON documents around lines.
enum JSONFrame {
    /// The feed document with lines that were rendered before.
    static func render(_ document: FeedDocument, around lines: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.count + 2_048)
        bytes.append(UInt8(ascii: "{"))
        append("id", "urn:uuid:\(document.id)", to: &bytes)
        append(",title", document.title, to: &bytes)
        append(",updated", document.updated.description, to: &bytes)
        append(",author", document.author, to: &bytes)
        appendName(",feed", to: &bytes)
        append(document.facts, to: &bytes)
        appendName(",links", to: &bytes)
        bytes.append(UInt8(ascii: "{"))
        for (index, link) in document.links(.json).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriting.appendString(link.relation.rawValue, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONWriting.appendString(link.reference, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        appendName(",events", to: &bytes)
        bytes.append(contentsOf: "[\n".utf8)
        bytes.append(contentsOf: lines)
        bytes.append(contentsOf: "]}\n".utf8)
        return bytes
    }

    private static func append(_ facts: FeedFacts, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        append("epoch", facts.epoch.description, to: &bytes)
        append(",format", Int64(facts.format), to: &bytes)
        append(",pageSize", Int64(facts.pageSize), to: &bytes)
        switch facts.extent {
        case .page(let range, let chainBefore):
            append(",first", range.first.rawValue, to: &bytes)
            append(",last", range.last.rawValue, to: &bytes)
            append(",chainBefore", chainBefore.description, to: &bytes)
        case .answer(let head, let after, let scannedTo, let chainAfter):
            if let head { append(",head", head.rawValue, to: &bytes) }
            append(",after", after.rawValue, to: &bytes)
            append(",scannedTo", scannedTo.rawValue, to: &bytes)
            append(",chainAfter", chainAfter.description, to: &bytes)
        }
        append(",chain", facts.chain.description, to: &bytes)
        if let filter = facts.filter { append(",filter", filter, to: &bytes) }
        if let stream = facts.stream {
            if let name = stream.name { append(",stream", name.text, to: &bytes) }
            append(",version", stream.version.rawValue, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends a name; a comma in front of it goes before the quotes.
    private static func appendName(_ name: String, to bytes: inout [UInt8]) {
        if name.hasPrefix(",") { bytes.append(UInt8(ascii: ",")) }
        JSONWriting.appendString(name.hasPrefix(",") ? String(name.dropFirst()) : name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    private static func append(_ name: String, _ text: String, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        JSONWriting.appendString(text, to: &bytes)
    }

    private static func append(_ name: String, _ number: Int64, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        Decimal.append(number, to: &bytes)
    }
}

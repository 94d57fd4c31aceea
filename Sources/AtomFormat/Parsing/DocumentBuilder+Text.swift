/// Elements that have text.
extension DocumentBuilder {
    /// Begins an element that has plain text and may occur once.
    mutating func startLeaf(_ leaf: Leaf, _ tag: Tag) throws(AtomError) -> Place {
        // RFC 5023 § 8.3.4: of all elements that have text only app:accept may be repeated.
        if leaf != .accept, !frames[frames.count - 1].seen.insert(leaf).inserted {
            throw AtomError(.duplicate, tag.name.description)
        }
        text.removeAll(keepingCapacity: true)
        textKind = .text
        return .leaf(leaf)
    }

    /// Begins a text construct.
    mutating func startText(_ leaf: Leaf, _ tag: Tag) throws(AtomError) -> Place {
        let place = try startLeaf(leaf, tag)
        if let type = tag.attribute("type") {
            guard let kind = AtomText.Kind(rawValue: type) else {
                throw AtomError(.invalid, "atom:\(leaf.rawValue)/@type", value: type)
            }
            textKind = kind
        }
        return place
    }

    /// Ends an element that has text, which belongs to the element around it.
    mutating func endLeaf(_ leaf: Leaf) throws(AtomError) {
        switch frames.last?.place {
        case .feed: try endInFeed(leaf)
        case .entry: try endInEntry(leaf)
        case .person: try endInPerson(leaf)
        case .workspace: workspace.title = try construct()
        case .collection where leaf == .title: collection.title = try construct()
        case .collection: collection.accept.append(try trimmed())
        default: break
        }
        // A text of megabytes is not kept for the sake of the next one.
        text.removeAll(keepingCapacity: text.capacity <= 65_536)
    }

    /// Gives a text to the feed.
    private mutating func endInFeed(_ leaf: Leaf) throws(AtomError) {
        switch leaf {
        case .id: feed.id = try filled(leaf)
        case .title: feed.title = try construct()
        case .subtitle: feed.subtitle = try construct()
        case .updated: feed.updated = try filled(leaf)
        default: break
        }
    }

    /// Gives a text to the entry.
    private mutating func endInEntry(_ leaf: Leaf) throws(AtomError) {
        switch leaf {
        case .id: entry.id = try filled(leaf)
        case .title: entry.title = try construct()
        case .updated: entry.updated = try filled(leaf)
        case .published: entry.published = try filled(leaf)
        case .edited: entry.edited = try filled(leaf)
        case .summary: entry.summary = try construct()
        case .content:
            content.text = try string(text[...])
            entry.content = content
        default: break
        }
    }

    /// Gives a text to the person.
    private mutating func endInPerson(_ leaf: Leaf) throws(AtomError) {
        switch leaf {
        case .name: person.name = try trimmed()
        case .uri: person.uri = URIReference.resolve(try trimmed(), against: frames.last?.base)
        case .email: person.email = try trimmed()
        default: break
        }
    }

    /// Returns the collected text as a text construct, untouched.
    private func construct() throws(AtomError) -> AtomText {
        AtomText(try string(text[...]), kind: textKind)
    }

    /// Returns the collected text without white space around it, which must not be all of it.
    ///
    /// An id of nothing identifies nothing; an entry that is posted may do without one, and then an
    /// empty one is none.
    private func filled(_ leaf: Leaf) throws(AtomError) -> String {
        let text = try trimmed()
        if text.isEmpty, entryRules == .complete {
            throw AtomError(.missing, "text of atom:\(leaf.rawValue)")
        }
        return text
    }

    /// Returns the collected text without white space around it.
    private func trimmed() throws(AtomError) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
        let end = text.lastIndex { !isSpace($0) } ?? text.startIndex - 1
        return try string(start > end ? [] : text[start...end])
    }

    /// Returns bytes as text; libxml2 promises UTF-8, and here the promise is checked.
    func string(_ bytes: ArraySlice<UInt8>) throws(AtomError) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw AtomError(.encoding, "text that is not valid")
        }
        return string
    }
}

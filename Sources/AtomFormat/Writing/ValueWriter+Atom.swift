/// The elements of RFC 4287.
extension ValueWriter {
    /// Writes a feed with its entries.
    mutating func feed(_ feed: AtomFeed) throws(AtomError) {
        try startAtom("feed")
        try atomText("id", feed.id)
        try text("title", feed.title)
        if let subtitle = feed.subtitle { try text("subtitle", subtitle) }
        try atomText("updated", feed.updated)
        for author in feed.authors { try person("author", author) }
        for element in feed.extensions { try self.element(element) }
        if feed.isArchive {
            try start(AtomNamespaces.history, "archive")
            xml.end()
        }
        for category in feed.categories { try self.category(category) }
        for link in feed.links { try self.link(link) }
        for entry in feed.entries { try self.entry(entry) }
        xml.end()
    }

    /// Writes an entry.
    mutating func entry(_ entry: AtomEntry) throws(AtomError) {
        try startAtom("entry")
        if !entry.id.isEmpty { try atomText("id", entry.id) }
        if !entry.title.value.isEmpty || !entry.id.isEmpty { try text("title", entry.title) }
        if !entry.updated.isEmpty { try atomText("updated", entry.updated) }
        if let published = entry.published { try atomText("published", published) }
        if let edited = entry.edited {
            try startPublishing("edited")
            try xml.text(edited)
            xml.end()
        }
        for author in entry.authors { try person("author", author) }
        for element in entry.extensions where !afterContent.contains(element.name) {
            try self.element(element)
        }
        for category in entry.categories { try self.category(category) }
        for link in entry.links { try self.link(link) }
        if let summary = entry.summary { try text("summary", summary) }
        if let content = entry.content { try self.content(content) }
        for element in entry.extensions where afterContent.contains(element.name) {
            try self.element(element)
        }
        xml.end()
    }

    /// Writes a text construct.
    mutating func text(_ name: String, _ text: AtomText) throws(AtomError) {
        try startAtom(name)
        switch text.kind {
        case .text:
            try xml.text(text.value)
        case .html:
            try xml.attribute("type", "html")
            try xml.text(text.value)
        case .xhtml:
            try xml.attribute("type", "xhtml")
            try division(text.value)
        }
        xml.end()
    }

    /// Writes a category.
    mutating func category(_ category: AtomCategory) throws(AtomError) {
        try startAtom("category")
        try xml.attribute("scheme", ifAny: category.scheme)
        try xml.attribute("term", category.term)
        try xml.attribute("label", ifAny: category.label)
        xml.end()
    }

    /// Writes a link, its relation always included.
    private mutating func link(_ link: AtomLink) throws(AtomError) {
        try startAtom("link")
        try xml.attribute("rel", link.relation.name)
        try xml.attribute("href", link.href)
        try xml.attribute("type", ifAny: link.type)
        try xml.attribute("hreflang", ifAny: link.hreflang)
        try xml.attribute("title", ifAny: link.title)
        try xml.attribute("length", ifAny: link.length)
        xml.end()
    }

    /// Writes a person on one line.
    private mutating func person(_ name: String, _ person: AtomPerson) throws(AtomError) {
        try startAtom(name)
        for (name, value) in [("name", person.name), ("uri", person.uri), ("email", person.email)] {
            guard let value else { continue }
            xml.startInline(try qualified(XMLName(AtomNamespaces.atom, name)))
            try xml.text(value)
            xml.end()
        }
        xml.end()
    }

    /// Writes an entry's content.
    private mutating func content(_ content: AtomContent) throws(AtomError) {
        try startAtom("content")
        try xml.attribute("type", ifAny: content.type)
        try xml.attribute("src", ifAny: content.src)
        try attributes(content.attributes)
        if content.kind == .xhtml {
            try division(content.text)
        } else if content.hasElements {
            // Of child elements only the character data was kept.
            throw AtomError(.unwritable, "atom:content", value: "child elements")
        } else if content.src == nil {
            try xml.text(content.text)
        } else if !content.text.isEmpty {
            // RFC 4287 § 4.1.3.2: with src, atom:content must be empty.
            throw AtomError(.unwritable, "atom:content", value: "text beside src")
        }
        xml.end()
    }

    /// Writes the `div` that holds what is XHTML (RFC 4287 § 3.1.1.3).
    private mutating func division(_ text: String) throws(AtomError) {
        xml.startInline("div")
        try xml.attribute("xmlns", AtomNamespaces.xhtml)
        try xml.text(text)
        xml.end()
    }
}

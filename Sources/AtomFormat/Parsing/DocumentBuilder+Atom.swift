/// Feeds and entries (RFC 4287, RFC 5005).
extension DocumentBuilder {
    /// Begins a child of a feed.
    mutating func startInFeed(_ tag: Tag) throws(AtomError) -> Place {
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "entry"):
            guard feed.entries.count < limits.entries else {
                throw AtomError(.limit, "entries", limit: limits.entries)
            }
            entry = AtomEntry(id: "", title: "", updated: "")
            return .entry
        case (AtomNamespaces.atom, "id"): return try startLeaf(.id, tag)
        case (AtomNamespaces.atom, "title"): return try startText(.title, tag)
        case (AtomNamespaces.atom, "subtitle"): return try startText(.subtitle, tag)
        case (AtomNamespaces.atom, "updated"): return try startLeaf(.updated, tag)
        case (AtomNamespaces.atom, "author"):
            return try startPerson(besides: feed.authors.count)
        case (AtomNamespaces.atom, "link"):
            try limits.append(try link(tag), to: &feed.links, "atom:link")
        case (AtomNamespaces.atom, "category"):
            try limits.append(try category(tag), to: &feed.categories, "atom:category")
        case (AtomNamespaces.history, "archive"): feed.isArchive = true
        default: return try startForeign(tag)
        }
        return .skipped
    }

    /// Begins a child of an entry.
    mutating func startInEntry(_ tag: Tag) throws(AtomError) -> Place {
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "id"): return try startLeaf(.id, tag)
        case (AtomNamespaces.atom, "title"): return try startText(.title, tag)
        case (AtomNamespaces.atom, "updated"): return try startLeaf(.updated, tag)
        case (AtomNamespaces.atom, "published"): return try startLeaf(.published, tag)
        case (AtomNamespaces.publishing, "edited"): return try startLeaf(.edited, tag)
        case (AtomNamespaces.atom, "summary"): return try startText(.summary, tag)
        case (AtomNamespaces.atom, "content"): return try startContent(tag)
        case (AtomNamespaces.atom, "author"):
            return try startPerson(besides: entry.authors.count)
        case (AtomNamespaces.atom, "link"):
            try limits.append(try link(tag), to: &entry.links, "atom:link")
        case (AtomNamespaces.atom, "category"):
            try limits.append(try category(tag), to: &entry.categories, "atom:category")
        default: return try startForeign(tag)
        }
        return .skipped
    }

    /// Begins a child of a person.
    mutating func startInPerson(_ tag: Tag) throws(AtomError) -> Place {
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "name"): return try startLeaf(.name, tag)
        case (AtomNamespaces.atom, "uri"): return try startLeaf(.uri, tag)
        case (AtomNamespaces.atom, "email"): return try startLeaf(.email, tag)
        default: return .skipped
        }
    }

    /// Ends a feed: RFC 4287 § 4.1.1 wants one id, title and updated each.
    mutating func endFeed(_ frame: Frame) throws(AtomError) {
        try require([.id, .title, .updated], of: frame, "atom:feed")
        document = .feed(feed)
    }

    /// Ends an entry, as a document or in a feed.
    mutating func endEntry(_ frame: Frame) throws(AtomError) {
        if entryRules == .complete {
            try require([.id, .title, .updated], of: frame, "atom:entry")
        }
        if frames.isEmpty {
            document = .entry(entry)
        } else {
            feed.entries.append(entry)
        }
    }

    /// Ends an author.
    mutating func endPerson(_ frame: Frame) throws(AtomError) {
        try require([.name], of: frame, "atom:author")
        if frames.last?.place == .feed {
            feed.authors.append(person)
        } else {
            entry.authors.append(person)
        }
    }

    /// Checks that children were there.
    func require(_ leaves: [Leaf], of frame: Frame, _ parent: String) throws(AtomError) {
        for leaf in leaves where !frame.seen.contains(leaf) {
            throw AtomError(.missing, "atom:\(leaf.rawValue) of \(parent)")
        }
    }

    /// Reads a category; RFC 4287 § 4.2.2.1: it must have a term.
    func category(_ tag: Tag) throws(AtomError) -> AtomCategory {
        guard let term = tag.attribute("term") else {
            throw AtomError(.missing, "atom:category/@term")
        }
        return AtomCategory(
            term: term,
            scheme: tag.attribute("scheme"),
            label: tag.attribute("label")
        )
    }

    /// Reads a link; RFC 4287 § 4.2.7.1: it must have an address.
    private func link(_ tag: Tag) throws(AtomError) -> AtomLink {
        guard let href = tag.reference("href") else {
            throw AtomError(.missing, "atom:link/@href")
        }
        var link = AtomLink(.init(tag.attribute("rel")), href: href, type: tag.attribute("type"))
        link.hreflang = tag.attribute("hreflang")
        link.title = tag.attribute("title")
        link.length = tag.attribute("length")
        return link
    }

    /// Begins an author beside those that there are.
    private mutating func startPerson(besides count: Int) throws(AtomError) -> Place {
        guard count < limits.repeatedElements else {
            throw AtomError(.limit, "atom:author", limit: limits.repeatedElements)
        }
        person = AtomPerson(name: "")
        return .person
    }

    /// Begins an entry's content.
    private mutating func startContent(_ tag: Tag) throws(AtomError) -> Place {
        let place = try startLeaf(.content, tag)
        content = AtomContent(
            "",
            type: tag.attribute("type"),
            attributes: tag.attributes.filter { extensionNamespaces.contains($0.name.namespace) }
        )
        content.src = tag.reference("src")
        return place
    }
}

extension AtomParser.Limits {
    /// Appends one of several elements, within the limit.
    func append<Element>(
        _ element: Element,
        to list: inout [Element],
        _ name: String
    ) throws(AtomError) {
        guard list.count < repeatedElements else {
            throw AtomError(.limit, name, limit: repeatedElements)
        }
        list.append(element)
    }
}

/// Service and category documents (RFC 5023).
extension DocumentBuilder {
    /// Begins a child of a service.
    mutating func startInService(_ tag: Tag) throws(AtomError) -> Place {
        guard tag.name == XMLName(AtomNamespaces.publishing, "workspace") else {
            return try startForeign(tag)
        }
        workspace = AtomService.Workspace(title: "", collections: [])
        return .workspace
    }

    /// Begins a child of a workspace.
    mutating func startInWorkspace(_ tag: Tag) throws(AtomError) -> Place {
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "title"): return try startText(.title, tag)
        case (AtomNamespaces.publishing, "collection"):
            guard let href = tag.reference("href") else {
                throw AtomError(.missing, "app:collection/@href")
            }
            collection = AtomService.Collection(href: href, title: "")
            return .collection
        default: return .skipped
        }
    }

    /// Begins a child of a collection.
    mutating func startInCollection(_ tag: Tag) throws(AtomError) -> Place {
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "title"): return try startText(.title, tag)
        case (AtomNamespaces.publishing, "accept"):
            guard collection.accept.count < limits.repeatedElements else {
                throw AtomError(.limit, "app:accept", limit: limits.repeatedElements)
            }
            return try startLeaf(.accept, tag)
        case (AtomNamespaces.publishing, "categories"): return try startCategories(tag)
        default: return .skipped
        }
    }

    /// Begins a list of categories (RFC 5023 § 7.2.1).
    mutating func startCategories(_ tag: Tag) throws(AtomError) -> Place {
        categories = AtomCategories([], scheme: tag.attribute("scheme"))
        categories.href = tag.reference("href")
        switch tag.attribute("fixed") {
        case nil: break
        case "yes": categories.isFixed = true
        case "no": categories.isFixed = false
        case let other?:
            throw AtomError(.invalid, "app:categories/@fixed", value: other)
        }
        return .categories
    }

    /// Begins a child of a list of categories.
    mutating func startInCategories(_ tag: Tag) throws(AtomError) -> Place {
        if tag.name == XMLName(AtomNamespaces.atom, "category") {
            try limits.append(try category(tag), to: &categories.categories, "atom:category")
        }
        return .skipped
    }

    /// Ends a service; RFC 5023 § 8.3.1: it has one workspace at least.
    mutating func endService() throws(AtomError) {
        if service.workspaces.isEmpty { throw AtomError(.missing, "app:workspace of app:service") }
        document = .service(service)
    }

    /// Ends a workspace; RFC 5023 § 8.3.2: it has a title.
    mutating func endWorkspace(_ frame: Frame) throws(AtomError) {
        try require([.title], of: frame, "app:workspace")
        try limits.append(workspace, to: &service.workspaces, "app:workspace")
    }

    /// Ends a collection; RFC 5023 § 8.3.3: it has a title.
    mutating func endCollection(_ frame: Frame) throws(AtomError) {
        try require([.title], of: frame, "app:collection")
        try limits.append(collection, to: &workspace.collections, "app:collection")
    }

    /// Ends a list of categories, as a document or in a collection.
    mutating func endCategories() throws(AtomError) {
        if frames.isEmpty {
            document = .categories(categories)
        } else {
            try limits.append(categories, to: &collection.categories, "app:categories")
        }
    }
}

/// The elements of RFC 5023.
extension ValueWriter {
    /// Writes a service with its workspaces.
    mutating func service(_ service: AtomService) throws(AtomError) {
        try startPublishing("service")
        for element in service.extensions { try self.element(element) }
        for workspace in service.workspaces {
            try startPublishing("workspace")
            try text("title", workspace.title)
            for collection in workspace.collections { try self.collection(collection) }
            xml.end()
        }
        xml.end()
    }

    /// Writes a list of categories, or where it is.
    mutating func categories(_ list: AtomCategories) throws(AtomError) {
        try startPublishing("categories")
        try xml.attribute("href", ifAny: list.href)
        if let isFixed = list.isFixed { try xml.attribute("fixed", isFixed ? "yes" : "no") }
        try xml.attribute("scheme", ifAny: list.scheme)
        for category in list.categories { try self.category(category) }
        xml.end()
    }

    /// Writes a collection.
    private mutating func collection(_ collection: AtomService.Collection) throws(AtomError) {
        try startPublishing("collection")
        try xml.attribute("href", collection.href)
        try text("title", collection.title)
        for range in collection.accept {
            try startPublishing("accept")
            if !range.isEmpty { try xml.text(range) }
            xml.end()
        }
        for list in collection.categories { try categories(list) }
        xml.end()
    }
}

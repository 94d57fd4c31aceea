/// Elements of foreign namespaces that are kept.
extension DocumentBuilder {
    /// Begins an element that has no meaning here: keeps it if the parser was asked for it.
    mutating func startForeign(_ tag: Tag) throws(AtomError) -> Place {
        guard extensionNamespaces.contains(tag.name.namespace) else { return .skipped }
        return try startExtension(tag)
    }

    /// Begins an extension element, or one within another.
    mutating func startExtension(_ tag: Tag) throws(AtomError) -> Place {
        // The open extensions lie on top of the element that owns them all.
        let owner = frames.count - 1 - openExtensions.count
        guard frames[owner].extensionCount < limits.extensionElements else {
            throw AtomError(.limit, "extension elements", limit: limits.extensionElements)
        }
        frames[owner].extensionCount += 1
        let base = XMLName(AtomNamespaces.xml, "base")
        var element = XMLElement(
            tag.name,
            attributes: tag.attributes.filter { $0.name != base }
        )
        element.base = tag.base
        openExtensions.append(OpenExtension(element: element))
        return .extensionElement
    }

    /// Ends an extension element.
    mutating func endExtension(_ frame: Frame) throws(AtomError) {
        guard let open = openExtensions.popLast() else { return }
        var element = open.element
        let isLayout = !element.children.isEmpty && open.text.allSatisfy { $0 <= 0x20 }
        // White space between child elements is layout, and no text.
        element.text = isLayout ? "" : try string(open.text[...])
        if !openExtensions.isEmpty {
            openExtensions[openExtensions.count - 1].element.children.append(element)
            return
        }
        switch frames.last?.place {
        case .feed: feed.extensions.append(element)
        case .entry: entry.extensions.append(element)
        case .service: service.extensions.append(element)
        default: break
        }
    }
}

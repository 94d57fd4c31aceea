/// Elements of foreign namespaces that are kept.
extension DocumentBuilder {
    /// Begins an element that has no meaning here: keeps it if the parser was asked for it.
    mutating func startForeign(_ tag: Tag) throws(AtomError) -> Place {
        guard extensionNamespaces.contains(tag.name.namespace) else { return .skipped }
        return try startExtension(tag)
    }

    /// Begins an extension element, or one within another.
    mutating func startExtension(_ tag: Tag) throws(AtomError) -> Place {
        try countExtension(tag)
        let base = XMLName(AtomNamespaces.xml, "base")
        var element = XMLElement(
            tag.name,
            attributes: tag.attributes.filter { $0.name != base }
        )
        element.base = tag.base
        openExtensions.append(OpenExtension(element: element))
        return .extensionElement
    }

    /// Counts an element that is kept: on the element that owns it and all around it, or on the
    /// whole document, its attributes included, where that is kept.
    private mutating func countExtension(_ tag: Tag) throws(AtomError) {
        if keepsTree {
            treeCount += 1 + tag.attributes.count
            guard treeCount <= limits.extensionElements else {
                throw AtomError(.limit, "elements", limit: limits.extensionElements)
            }
            return
        }
        // The open extensions lie on top of the element that owns them all.
        let owner = frames.count - 1 - openExtensions.count
        guard frames[owner].extensionCount < limits.extensionElements else {
            throw AtomError(.limit, "extension elements", limit: limits.extensionElements)
        }
        frames[owner].extensionCount += 1
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
        if keepsTree {
            tree = element
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

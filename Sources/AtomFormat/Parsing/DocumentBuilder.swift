/// Turns elements and text, as they come, into a document.
///
/// It knows the grammar and the limits of what is kept, and nothing of XML's syntax. It is a stack
/// of places: where each open element stands says what its children are.
struct DocumentBuilder {
    let limits: AtomParser.Limits
    let extensionNamespaces: Set<String>
    let entryRules: AtomParser.EntryRules
    let keepsTree: Bool
    /// What came of the root element; `nil` until it ended.
    var document: AtomDocument?
    /// The root element itself where the document is kept as elements; `nil` until it ended.
    var tree: XMLElement?
    /// Elements and attributes so far of a document that is kept as elements.
    var treeCount = 0

    var frames: [Frame] = []
    /// The text of the element that collects it; only one does at a time.
    var text: [UInt8] = []
    /// How the text is marked up, for text constructs.
    var textKind = AtomText.Kind.text

    // What is being put together. Elements of one kind do not contain one another.
    var feed = AtomFeed(id: "", title: "", updated: "")
    var entry = AtomEntry(id: "", title: "", updated: "")
    var person = AtomPerson(name: "")
    var content = AtomContent("", type: nil)
    var service = AtomService(workspaces: [])
    var workspace = AtomService.Workspace(title: "", collections: [])
    var collection = AtomService.Collection(href: "", title: "")
    var categories = AtomCategories([])
    /// The extension elements that are open, the outermost first.
    var openExtensions: [OpenExtension] = []

    /// Begins a document.
    init(_ settings: AtomParser) {
        limits = settings.limits
        extensionNamespaces = settings.extensions
        entryRules = settings.entryRules
        keepsTree = settings.keepsTree
    }

    /// Whether the root element ended.
    var isComplete: Bool { document != nil || tree != nil }

    /// An element that is open.
    struct Frame {
        let place: Place
        /// The `xml:base` in scope.
        let base: URIReference?
        /// The children that may occur once and have occurred.
        var seen: Set<Leaf> = []
        /// How many extension elements it has, those within others counted.
        var extensionCount = 0
    }

    /// What an open element is to this document.
    enum Place: Hashable {
        case feed, entry, person, service, workspace, collection, categories
        /// It collects text.
        case leaf(Leaf)
        /// It is markup in a text, which collects the text in it.
        case markup
        /// It is kept as an extension.
        case extensionElement
        /// It and what is in it do not matter.
        case skipped
    }

    /// An element that has text; the raw value is its name.
    enum Leaf: String {
        case id, title, subtitle, updated, published, edited, summary, content
        case name, uri, email, accept
    }

    /// An extension element that is open, with its text so far.
    struct OpenExtension {
        var element: XMLElement
        var text: [UInt8] = []
    }
}

extension DocumentBuilder {
    /// Takes a start tag.
    mutating func start(_ name: XMLName, _ attributes: [XMLAttribute]) throws(AtomError) {
        guard frames.count < limits.depth else {
            throw AtomError(.limit, "depth", limit: limits.depth)
        }
        let tag = Tag(name: name, attributes: attributes, base: try base(attributes))
        let place =
            if let parent = frames.last { try child(of: parent.place, tag) } else {
                try root(tag)
            }
        frames.append(Frame(place: place, base: tag.base))
    }

    /// Takes a piece of text.
    mutating func text(_ piece: UnsafeBufferPointer<UInt8>) throws(AtomError) {
        switch frames.last?.place {
        case .leaf, .markup:
            try checkText(text.count + piece.count)
            text.append(contentsOf: piece)
        case .extensionElement:
            let last = openExtensions.count - 1
            try checkText(openExtensions[last].text.count + piece.count)
            openExtensions[last].text.append(contentsOf: piece)
        default:
            // White space between elements, or foreign text.
            break
        }
    }

    /// Takes an end tag.
    mutating func end() throws(AtomError) {
        guard let frame = frames.popLast() else { return }
        switch frame.place {
        case .feed: try endFeed(frame)
        case .entry: try endEntry(frame)
        case .person: try endPerson(frame)
        case .service: try endService()
        case .workspace: try endWorkspace(frame)
        case .collection: try endCollection(frame)
        case .categories: try endCategories()
        case .leaf(let leaf): try endLeaf(leaf)
        case .extensionElement: try endExtension(frame)
        case .markup, .skipped: break
        }
    }

    /// A start tag.
    struct Tag {
        let name: XMLName
        let attributes: [XMLAttribute]
        /// The `xml:base` in scope.
        let base: URIReference?

        /// Returns the value of an attribute without a namespace.
        func attribute(_ localName: String) -> String? {
            attributes.first { $0.name.namespace.isEmpty && $0.name.localName == localName }?.value
        }

        /// Returns the value of an attribute that is a reference, resolved.
        func reference(_ localName: String) -> String? {
            attribute(localName).map { URIReference.resolve($0, against: base) }
        }
    }

    /// Returns what the root element is.
    private mutating func root(_ tag: Tag) throws(AtomError) -> Place {
        if keepsTree { return try startExtension(tag) }
        switch (tag.name.namespace, tag.name.localName) {
        case (AtomNamespaces.atom, "feed"): return .feed
        case (AtomNamespaces.atom, "entry"): return .entry
        case (AtomNamespaces.publishing, "service"): return .service
        case (AtomNamespaces.publishing, "categories"): return try startCategories(tag)
        default: throw AtomError(.root, tag.name.description)
        }
    }

    /// Returns what an element is, going by where it stands.
    private mutating func child(of parent: Place, _ tag: Tag) throws(AtomError) -> Place {
        switch parent {
        case .feed: return try startInFeed(tag)
        case .entry: return try startInEntry(tag)
        case .person: return try startInPerson(tag)
        case .service: return try startInService(tag)
        case .workspace: return try startInWorkspace(tag)
        case .collection: return try startInCollection(tag)
        case .categories: return try startInCategories(tag)
        case .leaf(.content):
            content.hasElements = true
            return .markup
        case .leaf: return textKind == .xhtml ? .markup : .skipped
        case .markup: return .markup
        case .extensionElement: return try startExtension(tag)
        case .skipped: return .skipped
        }
    }

    /// Returns the base that is in scope in an element (XML Base § 4).
    private func base(_ attributes: [XMLAttribute]) throws(AtomError) -> URIReference? {
        let outer = frames.last?.base
        let name = XMLName(AtomNamespaces.xml, "base")
        guard let written = attributes.first(where: { $0.name == name })?.value else {
            return outer
        }
        var base = URIReference(written)
        if let outer { base = base.resolved(against: outer) }
        base.fragment = nil
        guard base.description.utf8.count <= limits.baseBytes else {
            throw AtomError(.limit, "xml:base", limit: limits.baseBytes)
        }
        return base
    }

    /// Checks the length of a text.
    private func checkText(_ count: Int) throws(AtomError) {
        if count > limits.textBytes {
            throw AtomError(.limit, "text", limit: limits.textBytes)
        }
    }
}

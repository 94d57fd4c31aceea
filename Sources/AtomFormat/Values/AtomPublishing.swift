/// A service document: the collections that a server has (RFC 5023 § 8).
public struct AtomService: Hashable, Sendable {
    /// The workspaces, one at least.
    public var workspaces: [Workspace]
    /// Elements of the namespaces for which the parser was asked, in the document's order.
    public var extensions: [XMLElement]

    /// Makes a service document.
    ///
    /// - Parameters:
    ///   - workspaces: The workspaces.
    ///   - extensions: Foreign elements, which are written in front of the workspaces.
    public init(workspaces: [Workspace], extensions: [XMLElement] = []) {
        self.workspaces = workspaces
        self.extensions = extensions
    }

    /// The first collection of the first workspace that has one.
    public var firstCollection: Collection? {
        workspaces.lazy.compactMap(\.collections.first).first
    }
}

extension AtomService {
    /// A group of collections.
    public struct Workspace: Hashable, Sendable {
        /// The title for people.
        public var title: AtomText
        /// The collections.
        public var collections: [Collection]

        /// Makes a workspace.
        ///
        /// - Parameters:
        ///   - title: The title for people.
        ///   - collections: The collections.
        public init(title: AtomText, collections: [Collection]) {
            self.title = title
            self.collections = collections
        }
    }

    /// A collection: a feed to which may be posted.
    public struct Collection: Hashable, Sendable {
        /// The address of the feed, resolved against the `xml:base` in scope.
        public var href: String
        /// The title for people.
        public var title: AtomText
        /// Media ranges that may be posted.
        ///
        /// RFC 5023 § 8.3.4: none at all means `application/atom+xml;type=entry`, a single empty
        /// one that nothing may be posted.
        public var accept: [String]
        /// What the categories of entries may be.
        public var categories: [AtomCategories]

        /// Makes a collection.
        ///
        /// - Parameters:
        ///   - href: The address of the feed.
        ///   - title: The title for people.
        ///   - accept: Media ranges that may be posted.
        ///   - categories: What the categories of entries may be.
        public init(
            href: String,
            title: AtomText,
            accept: [String] = [],
            categories: [AtomCategories] = []
        ) {
            self.href = href
            self.title = title
            self.accept = accept
            self.categories = categories
        }
    }
}

/// A list of categories, as a document of its own or in a collection (RFC 5023 § 7).
public struct AtomCategories: Hashable, Sendable {
    /// The address of the document that has the list; what is here is then empty.
    public var href: String?
    /// Whether no other categories are allowed; `nil` if it is not said, which means no.
    public var isFixed: Bool?
    /// The scheme of categories that have none of their own.
    public var scheme: String?
    /// The categories.
    public var categories: [AtomCategory]

    /// Makes a list of categories.
    ///
    /// - Parameters:
    ///   - categories: The categories.
    ///   - scheme: The scheme of categories that have none of their own.
    ///   - isFixed: Whether no other categories are allowed.
    public init(_ categories: [AtomCategory], scheme: String? = nil, isFixed: Bool? = nil) {
        self.categories = categories
        self.scheme = scheme
        self.isFixed = isFixed
    }

    /// Makes a reference to a list that is elsewhere.
    ///
    /// - Parameter href: The address of the category document.
    public init(href: String) {
        self.init([])
        self.href = href
    }
}

/// Any document that this module reads.
public enum AtomDocument: Hashable, Sendable {
    /// A feed document.
    case feed(AtomFeed)
    /// An entry document.
    case entry(AtomEntry)
    /// A service document.
    case service(AtomService)
    /// A category document.
    case categories(AtomCategories)
}

/// What is fixed when a store is created: with the events, all that the bytes of its complete pages
/// depend on.
public struct StoreIdentity: Hashable, Sendable {
    /// The shape of complete pages that this software writes for new stores.
    public static let currentFormat = 1

    /// The identity of the history; only `new-epoch` changes it.
    public let epoch: Epoch
    /// The number of the shape in which complete pages are rendered.
    public let format: Int
    /// Events on a complete page, one of ``Limits/pageSizes``.
    public let pageSize: Int
    /// The title of the feed.
    public let title: String
    /// The name of the feed's author.
    public let author: String
    /// When the store was created.
    public let createdAt: Timestamp

    /// Puts a known identity together, as it was stored.
    ///
    /// - Parameters:
    ///   - epoch: The identity of the history.
    ///   - format: The number of the page shape.
    ///   - creation: The choices that were made when the store was created.
    ///   - createdAt: When the store was created.
    public init(epoch: Epoch, format: Int, creation: StoreCreation, createdAt: Timestamp) {
        self.epoch = epoch
        self.format = format
        pageSize = creation.pageSize
        title = creation.title
        author = creation.author
        self.createdAt = createdAt
    }
}

/// The choices of whoever creates a store; they hold as long as its epoch.
public struct StoreCreation: Hashable, Sendable {
    /// Events on a complete page, one of ``Limits/pageSizes``.
    public let pageSize: Int
    /// The title of the feed.
    public let title: String
    /// The name of the feed's author.
    public let author: String

    /// 100 events a page, title and author "EventFeed".
    public static let standard = StoreCreation(
        uncheckedPageSize: 100,
        title: "EventFeed",
        author: "EventFeed"
    )

    private init(uncheckedPageSize pageSize: Int, title: String, author: String) {
        self.pageSize = pageSize
        self.title = title
        self.author = author
    }

    /// Checks the choices for a new store.
    ///
    /// - Parameters:
    ///   - pageSize: 10 to 500 events.
    ///   - title: A text under the rules of names: 1 to 512 bytes, no control characters.
    ///   - author: A text under the same rules.
    /// - Throws: ``InvalidCreation`` that names the choice and the rule.
    public init(pageSize: Int = 100, title: String = "EventFeed", author: String = "EventFeed")
        throws(InvalidCreation)
    {
        guard Limits.pageSizes.contains(pageSize) else { throw .pageSize(pageSize) }
        do throws(InvalidName) {
            try NameRules.check(title, .type)
        } catch {
            throw .title(title, error.reason)
        }
        do throws(InvalidName) {
            try NameRules.check(author, .type)
        } catch {
            throw .author(author, error.reason)
        }
        self.init(uncheckedPageSize: pageSize, title: title, author: author)
    }
}

/// A choice that no store can be created with.
public enum InvalidCreation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The page size is not one of ``Limits/pageSizes``.
    case pageSize(Int)
    /// The title breaks a rule of names.
    case title(String, InvalidName.Reason)
    /// The author's name breaks a rule of names.
    case author(String, InvalidName.Reason)

    /// One sentence with the choice and what is allowed.
    public var description: String {
        switch self {
        case .pageSize(let size):
            "page size \(size) is not allowed: choose \(Limits.pageSizes.lowerBound) to "
                + "\(Limits.pageSizes.upperBound) events"
        case .title(let text, let reason):
            "title: \(Self.explain(text, reason))"
        case .author(let text, let reason):
            "author: \(Self.explain(text, reason))"
        }
    }

    private static func explain(_ text: String, _ reason: InvalidName.Reason) -> String {
        InvalidName(.type, text: text, reason: reason).description
            .replacing("type ", with: "the text ", maxReplacements: 1)
    }
}

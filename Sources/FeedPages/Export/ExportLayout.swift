public import EventModel

/// The files of a static copy: which there are, where they stand, and in which order they are
/// written.
public struct ExportLayout: Hashable, Sendable {
    /// What is fixed about the store.
    public let identity: StoreIdentity
    /// The forms to write; Atom is always among them.
    public let forms: [FeedForm]

    /// Describes a copy.
    ///
    /// - Parameters:
    ///   - identity: What is fixed about the store.
    ///   - forms: Forms to write besides Atom.
    public init(identity: StoreIdentity, forms: Set<FeedForm> = []) {
        self.identity = identity
        self.forms = FeedForm.allCases.filter { $0 == .atom || forms.contains($0) }
    }

    /// One file.
    public struct File: Hashable, Sendable {
        /// The path below the folder, with `/` between its parts.
        public let path: String
        /// The bytes.
        public let bytes: [UInt8]
    }

    /// The files of a complete page: first the values that are out of line, then the page.
    ///
    /// - Parameters:
    ///   - range: The page.
    ///   - batch: Its events.
    /// - Returns: The files in the order in which they are to be written.
    public func files(of range: PageRange, _ batch: EventBatch) -> [File] { fatalError("soon") }

    /// The files of the head document: first the values that are out of line, then the documents,
    /// `feed.atom` last, which is to be put in place by renaming.
    ///
    /// - Parameters:
    ///   - head: The end of the history.
    ///   - batch: The events after ``PageLayout/headDocumentAfter(head:)``.
    /// - Returns: The files in the order in which they are to be written.
    public func headFiles(_ head: Head, _ batch: EventBatch) -> [File] { fatalError("soon") }
}

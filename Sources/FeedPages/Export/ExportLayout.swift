public import EventModel

/// The files of a static copy: which there are, where they stand, and in which order they are
/// written.
///
/// Values come first, then pages, then the head document, so that whoever reads the folder at any
/// moment finds everything that `feed.atom` leads to. The caller puts `feed.atom` in place by
/// renaming a finished file.
public struct ExportLayout: Hashable, Sendable {
    /// What is fixed about the store.
    public let identity: StoreIdentity
    /// The forms to write; Atom is always among them, and comes last.
    public let forms: [FeedForm]

    /// Describes a copy.
    ///
    /// - Parameters:
    ///   - identity: What is fixed about the store.
    ///   - forms: Forms to write besides Atom.
    public init(identity: StoreIdentity, forms: Set<FeedForm> = []) {
        self.identity = identity
        self.forms = [.ndjson, .json].filter(forms.contains) + [.atom]
    }

    /// One file.
    public struct File: Hashable, Sendable {
        /// The path below the folder, with `/` between its parts.
        public let path: String
        /// The bytes.
        public let bytes: [UInt8]
    }

    /// The path of a complete page.
    ///
    /// - Parameters:
    ///   - range: The page.
    ///   - form: In which language.
    /// - Returns: The path below the folder; a copy that has the file has the whole page.
    public func path(of range: PageRange, _ form: FeedForm = .atom) -> String {
        FeedAddress.page(epoch: identity.epoch.shortForm, range: range, form: form).relativePath
    }

    /// Begins a complete page.
    ///
    /// - Parameters:
    ///   - range: The page.
    ///   - chainBefore: `c` before its first event.
    /// - Returns: What takes the page's events, oldest first.
    public func page(_ range: PageRange, chainBefore: ChainDigest) -> PageExport {
        PageExport(self, range, chainBefore: chainBefore)
    }

    /// Begins the head document.
    ///
    /// - Parameter chainAfter: `c` at ``PageLayout/headDocumentAfter(head:)``.
    /// - Returns: What takes the events after that number, oldest first.
    public func headDocument(chainAfter: ChainDigest) -> HeadExport {
        HeadExport(self, chainAfter: chainAfter)
    }

    /// The values of an event that are out of line.
    func values(of event: RecordedEvent) -> [File] {
        func file(_ kind: ValueKind, _ value: Payload?) -> File? {
            guard let value, ValueForm(of: value) == .outOfLine else { return nil }
            let address = FeedAddress.value(
                epoch: identity.epoch.shortForm,
                kind: kind,
                number: event.number
            )
            return File(path: address.relativePath, bytes: value.bytes)
        }
        return [file(.data, event.data), file(.metadata, event.metadata)].compactMap { $0 }
    }
}

/// A complete page on its way into a static copy.
public struct PageExport: Sendable {
    private let layout: ExportLayout
    private let range: PageRange
    private let chainBefore: ChainDigest
    private var renderers: [FeedRenderer]
    private var updated: Timestamp

    init(_ layout: ExportLayout, _ range: PageRange, chainBefore: ChainDigest) {
        self.layout = layout
        self.range = range
        self.chainBefore = chainBefore
        let epoch = layout.identity.epoch
        renderers = layout.forms.map { FeedRenderer($0, at: .pages, epoch: epoch) }
        updated = layout.identity.createdAt
    }

    /// Takes the page's next event.
    ///
    /// - Parameter event: The event.
    /// - Returns: Files to write now, before the page: the event's values that are out of line.
    public mutating func append(_ event: RecordedEvent) -> [ExportLayout.File] {
        for index in renderers.indices { renderers[index].append(event) }
        updated = event.recordedAt
        return layout.values(of: event)
    }

    /// Ends the page.
    ///
    /// - Parameter chain: `c` after its last event.
    /// - Returns: The page in each form, Atom last.
    public consuming func finish(chain: ChainDigest) -> [ExportLayout.File] {
        let document = FeedDocument.page(
            range,
            of: layout.identity,
            chainBefore: chainBefore,
            chain: chain,
            updated: updated
        )
        return renderers.map { renderer in
            ExportLayout.File(
                path: layout.path(of: range, renderer.form),
                bytes: renderer.finish(document)
            )
        }
    }
}

/// The head document on its way into a static copy.
public struct HeadExport: Sendable {
    private let layout: ExportLayout
    private let chainAfter: ChainDigest
    private var renderers: [FeedRenderer]

    init(_ layout: ExportLayout, chainAfter: ChainDigest) {
        self.layout = layout
        self.chainAfter = chainAfter
        let epoch = layout.identity.epoch
        renderers = layout.forms.map {
            FeedRenderer($0, at: .root, epoch: epoch, isReversed: true)
        }
    }

    /// Takes the next event, oldest first.
    ///
    /// - Parameter event: The event.
    /// - Returns: Files to write now: the event's values that are out of line.
    public mutating func append(_ event: RecordedEvent) -> [ExportLayout.File] {
        for index in renderers.indices { renderers[index].append(event) }
        return layout.values(of: event)
    }

    /// Ends the document.
    ///
    /// - Parameter head: The end of the history as of the export.
    /// - Returns: The document in each form, `feed.atom` last.
    public consuming func finish(at head: Head) -> [ExportLayout.File] {
        let document = FeedDocument.head(
            of: layout.identity,
            at: head,
            chainAfter: chainAfter,
            isStaticCopy: true
        )
        return renderers.map { renderer in
            ExportLayout.File(
                path: FeedAddress.head(renderer.form).relativePath,
                bytes: renderer.finish(document)
            )
        }
    }
}

/// A way from one document to another, as a relative reference.
public struct FeedLink: Hashable, Sendable {
    /// What the other document is to this one.
    public enum Relation: String, Hashable, Sendable {
        /// This document, with its canonical query.
        case `self` = "self"
        /// The head document.
        case first
        /// The head document.
        case current
        /// Page 1, or the head document while page 1 is not complete.
        case last
        /// What ends just before this document's oldest event: towards the past.
        case next
        /// The same as ``next`` where that is a complete page.
        case previousArchive = "prev-archive"
        /// What follows this document's newest event: towards the future.
        case previous
        /// An event in the form that `Accept` chooses.
        case alternate
        /// The feed that an event belongs to.
        case collection
    }

    /// What the other document is to this one.
    public let relation: Relation
    /// Where it is, relative to this document.
    public let reference: String

    /// Describes a link.
    ///
    /// - Parameters:
    ///   - relation: What the other document is to this one.
    ///   - reference: Where it is.
    public init(_ relation: Relation, _ reference: String) {
        self.relation = relation
        self.reference = reference
    }
}

/// The roles that may do something with one stream; nil leaves it to the defaults.
///
/// A role is the name of a user or of a group; `$all` is everybody, `$admins` may do everything
/// without being named.
public struct StreamAccessList: Hashable, Sendable {
    /// Who may read events; `$r`.
    public var read: [String]?
    /// Who may append events; `$w`.
    public var write: [String]?
    /// Who may delete the stream; `$d`.
    public var delete: [String]?
    /// Who may read the metadata; `$mr`.
    public var readMetadata: [String]?
    /// Who may write the metadata; `$mw`.
    public var writeMetadata: [String]?

    /// Leaves everything to the defaults.
    public init() {}
}

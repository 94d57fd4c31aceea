/// What a read model's rows were made by; kept with the checkpoint.
///
/// Rows that another definition made mean something else, so a subscription refuses to go on with
/// them, and the read model is rebuilt.
public struct ReadModelDefinition: Hashable, Sendable {
    /// What the read model is called; no two in one database share a name.
    public let name: String
    /// Raised by whoever changes what the rows mean; 1 or more.
    public let revision: Int64
    /// What the rows are made by, in a form that is equal for equal meaning; empty where name and
    /// revision say all.
    public let statements: String
    /// The text from which the read model can be made again, for whoever has nothing but the
    /// database; nil where it is written in Swift.
    public let source: String?

    /// States what rows are made by.
    ///
    /// - Parameters:
    ///   - name: What the read model is called.
    ///   - revision: 1 or more.
    ///   - statements: What the rows are made by, in a form that is equal for equal meaning.
    ///   - source: The text from which the read model can be made again.
    public init(name: String, revision: Int64 = 1, statements: String = "", source: String? = nil) {
        self.name = name
        self.revision = revision
        self.statements = statements
        self.source = source
    }

    /// Says how another definition differs, in words.
    ///
    /// - Parameter other: The definition that is to take this one's place.
    /// - Returns: One clause, such as "revision 2 instead of 1"; nil where both make the same rows,
    ///   whatever their sources look like.
    public func difference(from other: ReadModelDefinition) -> String? {
        if !name.utf8.elementsEqual(other.name.utf8) {
            return "\(other.name) instead of \(name)"
        }
        if revision != other.revision {
            return "\(name) has revision \(other.revision) instead of \(revision)"
        }
        if !statements.utf8.elementsEqual(other.statements.utf8) {
            return "the statements of \(name) changed under the same revision \(revision)"
        }
        return nil
    }
}

extension [ReadModelDefinition] {
    /// Says how other definitions differ, in words.
    ///
    /// - Parameter others: The definitions that are to take these ones' place.
    /// - Returns: Clauses separated by semicolons; nil where both make the same rows.
    package func difference(from others: [ReadModelDefinition]) -> String? {
        func named(_ name: String, in list: [ReadModelDefinition]) -> ReadModelDefinition? {
            list.first { $0.name.utf8.elementsEqual(name.utf8) }
        }
        var clauses = others.compactMap { other -> String? in
            guard let mine = named(other.name, in: self) else { return "\(other.name) is new" }
            return mine.difference(from: other)
        }
        clauses += filter { named($0.name, in: others) == nil }.map { "\($0.name) is missing" }
        return clauses.isEmpty ? nil : clauses.joined(separator: "; ")
    }
}

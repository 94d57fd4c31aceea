/// The body of an error answer, `application/problem+json` (RFC 9457).
public struct ProblemDetails: Error, Hashable, Sendable, CustomStringConvertible {
    /// `application/problem+json`.
    public static let mediaType = "application/problem+json"

    /// A fact of a problem.
    public enum Fact: Hashable, Sendable {
        /// A number.
        case number(Int64)
        /// A text.
        case text(String)
        /// A list of texts.
        case texts([String])
        /// Ids with the numbers of their events: `known` of `partly-recorded`.
        case known([KnownEvent])
    }

    /// An event that is recorded already.
    public struct KnownEvent: Hashable, Sendable {
        /// The event's id as text.
        public let id: String
        /// The event's number.
        public let number: Int64

        /// Names an event.
        ///
        /// - Parameters:
        ///   - id: The event's id as text.
        ///   - number: The event's number.
        public init(id: String, number: Int64) {
            self.id = id
            self.number = number
        }
    }

    /// The member `type` as it stands there.
    public let type: String
    /// The HTTP status code.
    public let status: Int
    /// The title.
    public let title: String
    /// One sentence for people that says what to do.
    public let detail: String
    /// The facts with their names, in the order of the specification.
    public let facts: [(name: String, value: Fact)]

    /// The problem, if this software knows it; decide by ``status`` otherwise.
    public var kind: ProblemKind? { ProblemKind(uri: type) }

    init(type: String, status: Int, title: String, detail: String, facts: [(String, Fact)]) {
        self.type = type
        self.status = status
        self.title = title
        self.detail = detail
        self.facts = facts.map { (name: $0.0, value: $0.1) }
    }

    /// Describes a problem.
    ///
    /// - Parameters:
    ///   - kind: The problem.
    ///   - detail: One sentence for people that says what to do.
    ///   - facts: The facts in the order of the specification; those that are nil are left out.
    public init(_ kind: ProblemKind, _ detail: String, facts: KeyValuePairs<String, Fact?> = [:]) {
        type = kind.uri
        status = kind.status
        title = kind.title
        self.detail = detail
        self.facts = facts.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Finds a fact that is a number.
    ///
    /// - Parameter name: The fact's name.
    /// - Returns: nil where there is no such fact or it is no number.
    public func number(_ name: String) -> Int64? {
        if case .number(let value)? = fact(name) { value } else { nil }
    }

    /// Finds a fact that is a text.
    ///
    /// - Parameter name: The fact's name.
    /// - Returns: nil where there is no such fact or it is no text.
    public func text(_ name: String) -> String? {
        if case .text(let value)? = fact(name) { value } else { nil }
    }

    /// Finds a fact.
    ///
    /// - Parameter name: The fact's name.
    /// - Returns: nil where there is no such fact.
    public func fact(_ name: String) -> Fact? { facts.first { $0.name == name }?.value }

    /// The detail.
    public var description: String { detail }

    /// Compares all members.
    public static func == (lhs: ProblemDetails, rhs: ProblemDetails) -> Bool {
        lhs.type == rhs.type && lhs.status == rhs.status && lhs.title == rhs.title
            && lhs.detail == rhs.detail
            && lhs.facts.elementsEqual(rhs.facts) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Hashes what mostly differs.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(detail)
    }
}

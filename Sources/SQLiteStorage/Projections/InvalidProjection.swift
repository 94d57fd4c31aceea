/// What is wrong, or doubtful, at one place of a projection file.
public struct ProjectionFinding: Hashable, Sendable, CustomStringConvertible {
    /// The file, as it was named; nil where the text has no file.
    public let file: String?
    /// The line, from 1.
    public let line: Int
    /// What is wrong and what to write instead.
    public let message: String

    /// `FILE:LINE: message`.
    public var description: String { "\(file.map { "\($0):" } ?? "line ")\(line): \(message)" }
}

/// A projection file that cannot be used; no database was touched.
public struct InvalidProjection: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in the order of the lines; 20 at the most.
    public let findings: [ProjectionFinding]

    /// The findings that an error has at the most.
    public static let findingsMaximum = 20

    init(_ findings: [ProjectionFinding]) {
        self.findings = Array(
            findings.sorted { ($0.file ?? "", $0.line) < ($1.file ?? "", $1.line) }
                .prefix(Self.findingsMaximum)
        )
    }

    /// The findings, separated by semicolons.
    public var description: String { findings.map(\.description).joined(separator: "; ") }
}

/// A statement of a projection failed at an event.
public struct ProjectionFailure: Error, Sendable, CustomStringConvertible {
    /// Where the statement begins.
    public let place: ProjectionFinding

    /// `FILE:LINE: what SQLite said`.
    public var description: String { place.description }
}

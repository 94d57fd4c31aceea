public import EventModel
import Foundation
public import GRDB
public import Subscriptions

/// A read model that is written in SQL: tables, and what to do to them for each type of event.
///
/// The text is SQL with comment lines that say when what follows runs: `-- projection: NAME
/// revision: N` first, `-- setup` once, `-- on LIST` for each event of these types. It was vetted
/// when the value was made: its statements read, write and create in their own database and do
/// nothing else.
public struct SQLProjection: ReadModel {
    /// What rows are written through.
    public typealias Transaction = Database

    /// How long a statement may run, unless something else is said: 30 seconds.
    public static let standardTimeLimit = Duration.seconds(30)

    /// The name that the file gives.
    public let name: String
    /// The revision that the file gives.
    public let revision: Int64
    /// The statements without comments and white space outside literals.
    public let statements: String
    /// The text of the file.
    public let source: String?
    /// What is doubtful in it.
    public let warnings: [ProjectionFinding]
    /// The types of events that are handled, each as it can stand behind `-- on`.
    public let handledTypes: [String]

    private let text: ProjectionText
    private let setup: [ProjectionVetting.Statement]
    private let handlers: [ProjectionVetting.Part]
    private let timeLimit: Duration

    /// Reads and vets the text of a projection; no file is touched.
    ///
    /// - Parameters:
    ///   - text: At most 1 MiB.
    ///   - file: What messages call the text.
    ///   - timeLimit: How long each statement may run.
    /// - Throws: ``InvalidProjection`` with everything that was found wrong.
    public init(
        _ text: String,
        file: String? = nil,
        timeLimit: Duration = standardTimeLimit
    ) throws(InvalidProjection) {
        let parts = try ProjectionText(text, file: file)
        var vetting = try ProjectionVetting(limit: timeLimit)
        let vetted = vetting.parts(of: parts)
        guard vetting.findings.isEmpty else { throw InvalidProjection(vetting.findings) }
        name = parts.name
        revision = parts.revision
        statements = parts.statements
        source = text
        warnings = vetting.warnings
        setup = vetted.filter { $0.types == nil }.flatMap(\.statements)
        handlers = vetted.filter { $0.types != nil }
        handledTypes = handlers.flatMap { $0.types ?? [] }.map(\.words)
        self.text = parts
        self.timeLimit = timeLimit
    }

    /// Reads and vets a file.
    ///
    /// - Parameters:
    ///   - path: The file, UTF-8.
    ///   - timeLimit: How long each statement may run.
    /// - Returns: The projection.
    /// - Throws: ``InvalidProjection``; `CheckpointStoreError` with code `missing` or `io` where
    ///   the file cannot be read.
    public static func load(
        _ path: String,
        timeLimit: Duration = standardTimeLimit
    ) throws -> SQLProjection {
        let text: String
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
            guard size ?? 0 <= ProjectionText.byteLimit else {
                throw InvalidProjection([
                    ProjectionFinding(
                        file: path,
                        line: 1,
                        message: "the file has \(size ?? 0) bytes, the limit is "
                            + "\(ProjectionText.byteLimit)"
                    )
                ])
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard let read = String(validating: data, as: UTF8.self) else {
                throw InvalidProjection([
                    ProjectionFinding(file: path, line: 1, message: "the file is not UTF-8")
                ])
            }
            text = read
        } catch let error as InvalidProjection {
            throw error
        } catch {
            throw CheckpointStoreError(
                FileManager.default.fileExists(atPath: path) ? .io : .missing,
                "the projection \(path) cannot be read: there is no such file, or no right to",
                cause: error
            )
        }
        return try SQLProjection(text, file: path, timeLimit: timeLimit)
    }

    /// Checks that projections can live in one database.
    ///
    /// - Parameter projections: In any order; setups run in the order of the names.
    /// - Throws: ``InvalidProjection`` where two have one name, or their tables collide.
    public static func checkTogether(_ projections: [SQLProjection]) throws(InvalidProjection) {
        guard projections.count > 1 else { return }
        var vetting = try ProjectionVetting(limit: standardTimeLimit)
        var names: Set<[UInt8]> = []
        var findings: [ProjectionFinding] = []
        let ordered = projections.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        for projection in ordered {
            if !names.insert(Array(projection.name.utf8)).inserted {
                findings.append(
                    projection.text.finding(
                        at: 0,
                        "another projection is called \(projection.name): give this one a name of "
                            + "its own"
                    )
                )
            }
            _ = vetting.parts(of: projection.text)
        }
        findings += vetting.findings
        guard findings.isEmpty else { throw InvalidProjection(findings) }
    }

    /// Runs the setup.
    ///
    /// - Parameter transaction: The database.
    /// - Throws: `DatabaseError`; ``ProjectionFailure`` where a statement takes too long.
    public func prepare(_ transaction: Database) throws {
        for statement in setup {
            try TimeLimit(timeLimit).watching(transaction.sqliteConnection) {
                try transaction.execute(sql: statement.sql)
            }
        }
    }

    /// Runs the statements of every part that names the event's type, in the order of the file.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - transaction: The database.
    /// - Throws: ``ProjectionFailure`` with the statement's place and what SQLite said;
    ///   `DatabaseError` where disk, memory or locks are at fault.
    public func apply(_ event: RecordedEvent, in transaction: Database) throws {
        for handler in handlers where handler.handles(event.type) {
            for statement in handler.statements {
                do {
                    try run(statement, for: event, transaction)
                } catch let error as DatabaseError where DeliveryWriter.isEventsFault(error) {
                    throw failure(of: statement, error)
                }
            }
        }
    }

    private func run(
        _ vetted: ProjectionVetting.Statement,
        for event: RecordedEvent,
        _ transaction: Database
    ) throws {
        // Prepared at its first event, and found by its text from then on.
        let statement = try transaction.cachedStatement(sql: vetted.sql)
        statement.setUncheckedArguments(
            StatementArguments(vetted.parameters.map { $0.value(of: event) })
        )
        try TimeLimit(timeLimit).watching(transaction.sqliteConnection) { try statement.execute() }
    }

    private func failure(of statement: ProjectionVetting.Statement, _ error: DatabaseError)
        -> ProjectionFailure
    {
        ProjectionFailure(
            place: ProjectionFinding(
                file: text.file,
                line: statement.line,
                message: error.resultCode == .SQLITE_INTERRUPT
                    ? "the statement ran longer than \(timeLimit), its limit"
                    : error.message ?? "\(error.resultCode)"
            )
        )
    }
}

extension ProjectionVetting.Part {
    /// Whether the part runs for events of a type.
    func handles(_ type: EventType) -> Bool {
        (types ?? []).contains { pattern in
            // A star alone leaves out what systems write about themselves.
            if case .prefix("") = pattern { return type.text.utf8.first != UInt8(ascii: "$") }
            return pattern.matches(type)
        }
    }
}

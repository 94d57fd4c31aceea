import EventModel
import Foundation
import GRDB

/// What the judgement of an append asks of the tables, in the transaction that appends.
struct RecorderLookups: AppendLookups {
    private let db: Database
    private let statements: RecorderStatements
    /// The rows of the streams that were asked for, so that each is looked up once; nil for one
    /// that has none.
    private var rows: [StreamName: Int64?] = [:]

    init(_ db: Database, _ statements: RecorderStatements) {
        (self.db, self.statements) = (db, statements)
    }

    func known(_ id: EventID) throws -> KnownEvent? {
        guard let number = try number(of: id),
            let event = try StoreQueries(db: db).event(EventNumber(number))
        else { return nil }
        return KnownEvent(
            number: event.number,
            version: event.version,
            digest: EventDigest(of: event.event)
        )
    }

    func isTaken(_ id: EventID) throws -> Bool { try number(of: id) != nil }

    private func number(of id: EventID) throws -> Int64? {
        try Int64.fetchOne(statements.findID, arguments: [Data(id.uuid.bytes)])
    }

    mutating func event(given id: EventID, in stream: StreamName, after number: EventNumber)
        throws -> GivenEvent?
    {
        guard let row = try row(of: stream) else { return nil }
        let bytes = Data(id.uuid.bytes)
        let arguments: StatementArguments = [row, bytes, number.rawValue]
        let byID = try first(statements.findByID, arguments, given: id)
        let byGivenID = try first(statements.findByGivenID, arguments, given: id)
        return [byID, byGivenID].compactMap(\.self).min { $0.number < $1.number }
    }

    private func first(
        _ statement: Statement,
        _ arguments: StatementArguments,
        given id: EventID
    ) throws -> GivenEvent? {
        // Kept while its row is read, which is the statement's own.
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        return try rows.next().map { row in
            GivenEvent(number: EventNumber(row[0]), version: StreamVersion(row[1]), id: id)
        }
    }

    mutating func events(of stream: StreamName, after version: StreamVersion, count: Int) throws
        -> [GivenEvent]
    {
        guard let row = try row(of: stream) else { return [] }
        let rows = try Row.fetchCursor(
            statements.findFollowing,
            arguments: [row, version.rawValue, count]
        )
        var events: [GivenEvent] = []
        while let row = try rows.next() {
            events.append(
                GivenEvent(
                    number: EventNumber(row[0]),
                    version: StreamVersion(row[1]),
                    id: EventID(try EventRow.uuid(row, 2))
                )
            )
        }
        return events
    }

    mutating func state(of stream: StreamName) throws -> StreamState {
        let standing = try statements.streams.standing(of: stream)
        rows.updateValue(standing.row, forKey: stream)
        return standing.state
    }

    func newestData(of stream: StreamName) throws -> [UInt8] {
        try statements.streams.stream(stream).map { try statements.streams.newestData(of: $0) }
            ?? []
    }

    /// The row of a stream that has events.
    mutating func row(of stream: StreamName) throws -> Int64? {
        if let known = rows[stream] { return known }
        let row = try statements.streams.stream(stream)?.row
        rows.updateValue(row, forKey: stream)
        return row
    }
}

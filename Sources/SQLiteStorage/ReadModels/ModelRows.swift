import GRDB
import Subscriptions

/// The rows of `eventfeed_model`: what the rows of the database were made by.
enum ModelRows {
    /// The definitions, in the order in which events are applied; of a file of version 1 the one
    /// name that it has.
    static func load(_ db: Database) throws -> [ReadModelDefinition] {
        guard try ReadModelSchema.found(db) != 1 else {
            let names = try String.fetchAll(
                db,
                sql: "SELECT model FROM eventfeed_checkpoint WHERE model IS NOT NULL"
            )
            return names.map { ReadModelDefinition(name: $0) }
        }
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT name, revision, statements, source FROM eventfeed_model ORDER BY place"
        )
        return rows.map { row in
            ReadModelDefinition(name: row[0], revision: row[1], statements: row[2], source: row[3])
        }
    }

    static func replace(with definitions: [ReadModelDefinition], _ db: Database) throws {
        try db.execute(sql: "DELETE FROM eventfeed_model")
        for (place, definition) in definitions.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO eventfeed_model (place, name, revision, statements, source)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    place + 1, definition.name, definition.revision, definition.statements,
                    definition.source,
                ]
            )
        }
    }
}

import SQLiteStorage
import Subscriptions

/// Projections that share one database.
enum Projections {
    /// Reads and vets files, each alone and all together, and says what is doubtful.
    ///
    /// - Parameters:
    ///   - paths: The files; events are applied in the order of the projections' names.
    ///   - limit: How long each statement may run.
    /// - Returns: The projections.
    /// - Throws: `InvalidProjection`; `CheckpointStoreError` where a file cannot be read.
    static func load(_ paths: [String], within limit: Duration) throws -> [SQLProjection] {
        let projections = try paths.map { try SQLProjection.load($0, timeLimit: limit) }
        try SQLProjection.checkTogether(projections)
        for warning in projections.flatMap(\.warnings) {
            StandardStream.error.tell("warning: \(TerminalText.escaped("\(warning)"))")
        }
        return projections
    }

    /// Makes the read models again that a file's bookkeeping names.
    ///
    /// - Parameters:
    ///   - definitions: What the file says.
    ///   - limit: How long each statement may run.
    /// - Returns: The read models, in the order in which events are applied.
    /// - Throws: `CheckpointStoreError` with code `invalidModels` for one that is written in Swift.
    static func models(
        _ definitions: [ReadModelDefinition],
        within limit: Duration = SQLProjection.standardTimeLimit
    ) throws -> [any ReadModel<SQLiteReadModelStore.Transaction>] {
        try definitions.map { definition in
            if let source = definition.source {
                return try SQLProjection(source, file: definition.name, timeLimit: limit)
            }
            guard definition.name == EventCopy().name else {
                throw CheckpointStoreError(
                    .invalidModels,
                    "read model \(definition.name) is written in Swift: only the program that has "
                        + "it can do that"
                )
            }
            return EventCopy()
        }
    }

    /// A projection to begin with.
    static func template(named name: String) -> String {
        """
        -- projection: \(name)  revision: 1
        --
        -- A read model in SQL: eventfeed subscribe URL --into FILE.db --projection THIS-FILE
        -- Each part begins with a comment line of its own, as the one above and the ones below.
        -- Check it with: eventfeed projection check THIS-FILE
        -- After a change, raise the revision and run: eventfeed rebuild FILE.db --projection …

        -- setup
        -- Runs once, in the transaction of the first batch: CREATE TABLE, INDEX, VIEW, TRIGGER.
        CREATE TABLE example (
            stream TEXT PRIMARY KEY,
            opened_at TEXT,
            changes INTEGER NOT NULL DEFAULT 0
        );

        -- on ExampleOpened
        -- Runs for each event of this type. What an event has: :number :version (whole numbers),
        -- :stream :category :type :id :recorded_at :media_type (text), :data and :metadata (text
        -- where they are text, such as JSON; else bytes; absent metadata is NULL).
        INSERT INTO example (stream, opened_at) VALUES (:stream, :data ->> 'openedAt');

        -- on ExampleChanged, Example Renamed, "Example, quoted", Other*
        -- A list: types separated by commas, in double quotes where they hold a comma or a quote;
        -- a star at the end stands for whatever follows. An event runs every part that names its
        -- type, from top to bottom. A star alone is every type that does not begin with $.
        UPDATE example SET changes = changes + 1 WHERE stream = :stream;

        """
    }
}

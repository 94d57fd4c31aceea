extension StoreSchema {
    /// `SELECT * FROM event_log` in the `sqlite3` shell reads like the feed.
    ///
    /// - Parameter hasGivenIDs: Whether the table has the column `given_id`; it is shown last.
    /// - Returns: The statement that makes the view.
    static func viewForPeople(hasGivenIDs: Bool = false) -> String {
        """
        CREATE VIEW event_log AS
        SELECT
            event.number,
            stream.name AS stream,
            event.version,
            event_type.name AS type,
            \(uuid("id")) AS id,
            strftime('%Y-%m-%dT%H:%M:%S', event.recorded_at / 1000000, 'unixepoch')
                || printf('.%06dZ', event.recorded_at % 1000000) AS recorded_at,
            data_type.name AS media_type,
            CASE WHEN data_type.name LIKE 'text/%' OR data_type.name LIKE '%json%'
                OR data_type.name LIKE '%xml%'
                THEN CAST(event.data AS TEXT) ELSE event.data END AS data,
            CASE WHEN metadata_type.name LIKE 'text/%' OR metadata_type.name LIKE '%json%'
                OR metadata_type.name LIKE '%xml%'
                THEN CAST(event.metadata AS TEXT) ELSE event.metadata END AS metadata
            \(hasGivenIDs ? givenID : "")
        FROM event
        JOIN stream ON stream.id = event.stream
        JOIN event_type ON event_type.id = event.type
        JOIN media_type AS data_type ON data_type.id = event.data_media_type
        LEFT JOIN media_type AS metadata_type ON metadata_type.id = event.metadata_media_type;
        """
    }

    private static let givenID =
        ", CASE WHEN event.given_id IS NOT NULL THEN \(uuid("given_id")) END AS given_id"

    /// An id with its dashes.
    private static func uuid(_ column: String) -> String {
        let parts = [(1, ", 8"), (9, ", 4"), (13, ", 4"), (17, ", 4"), (21, "")]
        let digits = parts.map { "substr(lower(hex(event.\(column))), \($0.0)\($0.1))" }
        return "printf('%s-%s-%s-%s-%s', \(digits.joined(separator: ", ")))"
    }
}

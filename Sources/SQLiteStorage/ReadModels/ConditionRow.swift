import EventModel
import GRDB
import Subscriptions

/// The one row of `eventfeed_condition`: how the subscription stands.
enum ConditionRow {
    static func load(_ db: Database) throws -> SubscriptionCondition? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT started_at, pace, last_success_at, last_error, last_error_at, failures,
                    events_per_second
                FROM eventfeed_condition
                """
        )
        guard let row else { return nil }
        func instant(_ column: Int) -> Timestamp? {
            (row[column] as Int64?).map { Timestamp(microseconds: $0) }
        }
        var condition = SubscriptionCondition(
            startedAt: Timestamp(microseconds: row[0]),
            pace: row[1]
        )
        condition.lastSuccessAt = instant(2)
        condition.lastError = row[3]
        condition.lastErrorAt = instant(4)
        condition.failures = row[5]
        condition.eventsPerSecond = row[6]
        return condition
    }

    /// Replaces the row; an error of an earlier process is kept until there is another.
    static func save(_ condition: SubscriptionCondition, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO eventfeed_condition (row, started_at, pace, last_success_at,
                    last_error, last_error_at, failures, events_per_second)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (row) DO UPDATE SET started_at = excluded.started_at,
                    pace = excluded.pace,
                    last_success_at = coalesce(excluded.last_success_at, last_success_at),
                    last_error = coalesce(excluded.last_error, last_error),
                    last_error_at = coalesce(excluded.last_error_at, last_error_at),
                    failures = excluded.failures, events_per_second = excluded.events_per_second
                """
        )
        try statement.execute(
            arguments: [
                condition.startedAt.microseconds, condition.pace,
                condition.lastSuccessAt?.microseconds, condition.lastError,
                condition.lastErrorAt?.microseconds, condition.failures,
                condition.eventsPerSecond,
            ]
        )
    }
}

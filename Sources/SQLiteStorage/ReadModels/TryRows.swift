import EventModel
import GRDB
import Subscriptions

/// The rows of `eventfeed_try`: how often what comes after the checkpoint was tried.
///
/// A row whose `after` is not the checkpoint's number is about something that is over.
enum TryRows {
    /// Counts a try before it is made.
    static func begin(_ delivery: Delivery, _ db: Database) throws -> Tries {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO eventfeed_try (kind, after, tries, unfinished, is_ended)
                VALUES (?, ?, 1, 0, 0)
                ON CONFLICT (kind) DO UPDATE SET
                    tries = iif(after = excluded.after, tries + 1, 1),
                    unfinished = iif(after = excluded.after AND NOT is_ended, unfinished + 1, 0),
                    is_ended = 0, reason = NULL, after = excluded.after
                RETURNING tries, unfinished,
                    EXISTS (SELECT 1 FROM eventfeed_try AS single WHERE single.kind = 'event'
                        AND eventfeed_try.kind = 'batch' AND single.after = eventfeed_try.after
                        AND NOT single.is_ended)
                """
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [kind(of: delivery), delivery.after.rawValue]
        )
        return Tries(count: row?[0] ?? 1, unfinished: row?[1] ?? 0, diedAlone: row?[2] ?? false)
    }

    /// Notes that a try ended in an orderly way, and why it did not succeed.
    static func fail(_ delivery: Delivery, reason: String, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE eventfeed_try SET is_ended = 1, unfinished = 0, reason = ? WHERE kind = ?
                """,
            arguments: [reason, kind(of: delivery)]
        )
    }

    static func forget(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM eventfeed_try")
    }

    private static func kind(of delivery: Delivery) -> String {
        delivery.events.count == 1 ? "event" : "batch"
    }
}

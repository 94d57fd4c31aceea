import GRDB

extension StoreSchema {
    /// Adds the users, who may log in, in tables of their own: never as events, which the feed
    /// publishes.
    static let addUsers: @Sendable (Database) throws -> Void = { db in
        try db.execute(
            sql: """
                CREATE TABLE user (
                    login TEXT PRIMARY KEY,
                    full_name TEXT NOT NULL,
                    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
                    updated_at INTEGER NOT NULL, -- microseconds since 1970
                    password TEXT NOT NULL -- a hash with its salt and parameters
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE user_group (
                    login TEXT NOT NULL REFERENCES user (login) ON DELETE CASCADE,
                    place INTEGER NOT NULL, -- from 0, in the order that was given
                    name TEXT NOT NULL,
                    PRIMARY KEY (login, place)
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}

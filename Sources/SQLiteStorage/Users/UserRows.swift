import AccessControl
import EventModel
import GRDB

/// The users of a store within one transaction.
struct UserRows {
    let db: Database

    /// Whether there is any.
    func isAny() throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM user)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql)) ?? false
    }

    /// One of them with the password's hash.
    ///
    /// - Throws: ``EventStoreError`` with code `corrupt` for a hash that is none: the user must not
    ///   be taken for one who does not exist.
    func storedUser(_ login: String) throws -> StoredUser? {
        let sql = "SELECT * FROM user WHERE login = ?"
        let statement = try db.cachedStatement(sql: sql)
        guard let row = try Row.fetchOne(statement, arguments: [login]) else { return nil }
        let text: String = row["password"]
        guard let password = PasswordHash(encoded: text) else {
            throw EventStoreError(
                .corrupt,
                "the password of user \(login) cannot have been written by this software: "
                    + "restore the file from a backup"
            )
        }
        let user = Self.user(row, groups: try groups(of: login))
        return StoredUser(user: user, password: password)
    }

    /// All of them, by login.
    func users() throws -> [User] {
        var groups: [String: [String]] = [:]
        let sql = "SELECT login, name FROM user_group ORDER BY login, place"
        for row in try Row.fetchAll(db, sql: sql) {
            groups[row["login"] as String, default: []].append(row["name"])
        }
        return try Row.fetchAll(db, sql: "SELECT * FROM user ORDER BY login").map { row in
            Self.user(row, groups: groups[row["login"] as String] ?? [])
        }
    }

    /// How many there are.
    func count() throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM user") ?? 0
    }

    /// How many of them are enabled and in `$admins`.
    func enabledAdmins() throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(DISTINCT user.login)
                FROM user JOIN user_group ON user_group.login = user.login
                WHERE user_group.name = ? AND NOT user.is_disabled
                """,
            arguments: [Role.admins]
        ) ?? 0
    }

    /// Writes a user, whether there was one with the login or not.
    func put(_ stored: StoredUser) throws {
        let user = stored.user
        try db.execute(
            sql: """
                INSERT INTO user (login, full_name, is_disabled, updated_at, password)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (login) DO UPDATE SET
                    full_name = excluded.full_name, is_disabled = excluded.is_disabled,
                    updated_at = excluded.updated_at, password = excluded.password
                """,
            arguments: [
                user.login, user.fullName, user.isDisabled, user.updatedAt.microseconds,
                stored.password.encoded,
            ]
        )
        try db.execute(
            sql: "DELETE FROM user_group WHERE login = ?",
            arguments: [user.login]
        )
        for (place, group) in user.groups.enumerated() {
            try db.execute(
                sql: "INSERT INTO user_group (login, place, name) VALUES (?, ?, ?)",
                arguments: [user.login, place, group]
            )
        }
    }

    /// Removes a user and the groups of the user.
    func remove(_ login: String) throws {
        try db.execute(sql: "DELETE FROM user WHERE login = ?", arguments: [login])
    }

    private func groups(of login: String) throws -> [String] {
        let sql = "SELECT name FROM user_group WHERE login = ? ORDER BY place"
        return try String.fetchAll(db.cachedStatement(sql: sql), arguments: [login])
    }

    private static func user(_ row: Row, groups: [String]) -> User {
        User(
            login: row["login"],
            fullName: row["full_name"],
            groups: groups,
            isDisabled: row["is_disabled"],
            updatedAt: Timestamp(microseconds: row["updated_at"])
        )
    }
}

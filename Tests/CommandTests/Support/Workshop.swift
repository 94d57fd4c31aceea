import EventTesting
import Foundation
import Testing

/// A running server and, beside it, the file of a read model with what it is made by.
struct Workshop {
    let folder: Folder
    let server: TestServer

    /// The read model's file.
    var file: String { folder.path("model.db") }

    /// Runs `body` with a server that holds some events and ends with it.
    static func with<Result>(
        _ lines: String = "",
        _ body: (Workshop) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let shop = Workshop(folder: folder, server: server)
                if !lines.isEmpty { try await shop.append(lines) }
                return try await body(shop)
            }
        }
    }

    /// Appends events.
    func append(_ lines: String) async throws {
        let outcome = try await Command.run("append", server.url, "--ndjson", input: lines)
        try #require(outcome.status == 0, "\(outcome.error)")
    }

    /// Follows the feed into the read model's file up to its end.
    func catchUp(_ more: String...) async throws -> Command.Outcome {
        try await Child.start(
            ["subscribe", server.url, "--into", file, "--until-caught-up"] + Self.quick + more
        ).outcome()
    }

    /// Runs `body` beside a subscriber that goes on until it is stopped.
    func following<Result>(
        _ more: String...,
        body: (Child) async throws -> Result
    ) async throws -> Result {
        let arguments = ["subscribe", server.url, "--into", file, "--every", "100ms"]
        return try await Child.with(arguments + Self.quick + more, body)
    }

    /// Pauses that suit a test.
    private static let quick = ["--retry-min", "10ms", "--retry-max", "100ms"]

    /// Waits until the read model has an event.
    func wait(for number: Int) async throws {
        let outcome = try await Command.run("wait-for", "\(number)", file, "--timeout", "1m")
        try #require(outcome.status == 0, "\(outcome.error)")
    }

    /// Says how the read model stands.
    func status() async throws -> Standing {
        let outcome = try await Command.run("status", file, "--json")
        return try Standing(outcome)
    }

    /// The rows of a query on the read model, columns separated by `|`.
    func rows(_ query: String) async throws -> [String] { try await SQL.rows(file, query) }

    /// Writes a file with a projection.
    func projection(_ sql: String, _ name: String = "tabs.sql") throws -> String {
        try folder.write(sql, to: name)
    }
}

/// What `status --json` says of a read model.
struct Standing: Decodable {
    let kind: String
    let file: String
    let source: String
    let epoch: String?
    let checkpoint: Int
    let updatedAt: String?
    let models: String
    let process: Int32?
    let startedAt: String?
    let pollInterval: String?
    let lastSuccessAt: String?
    let failures: Int?
    let lastErrorAt: String?
    let lastError: String?
    let eventsPerSecond: Double?
    let parkedStreams: Int
    let parkedEvents: Int
    let unfinishedTries: Int
    let head: Int?
    let lag: Int?
    let lagSeconds: Double?
    let feedError: String?

    init(_ outcome: Command.Outcome) throws {
        self = try JSONDecoder().decode(Standing.self, from: Data(outcome.output.utf8))
    }
}

/// The files by which the owners of databases keep others out.
enum LockFile {
    /// The process that the lock file of a database names; nil where it names none.
    static func holder(of database: String) -> Int32? {
        FileManager.default.contents(atPath: database + ".lock")
            .flatMap { Int32(String(decoding: $0, as: UTF8.self).dropLast()) }
    }
}

/// Guests of a restaurant order dishes, which have prices once the menu says so.
enum Tabs {
    /// One row for each dish that was ordered; where it has no price, the order cannot be applied.
    ///
    /// The rows of each revision say so in the column `model`, and those of even ones have a column
    /// more.
    static func projection(revision: Int = 1) -> String {
        let more = revision.isMultiple(of: 2)
        return """
            -- projection: tabs  revision: \(revision)
            -- setup
            CREATE TABLE price (dish TEXT NOT NULL PRIMARY KEY, amount INTEGER NOT NULL);
            CREATE TABLE item (
                number INTEGER PRIMARY KEY,
                tab TEXT NOT NULL,
                dish TEXT NOT NULL,
                amount INTEGER NOT NULL,
                model INTEGER NOT NULL\(more ? ",\n    ordered_at TEXT" : "")
            );
            CREATE INDEX item_by_tab ON item (tab);
            -- on Priced
            INSERT INTO price VALUES (:data ->> 'dish', :data ->> 'amount')
            ON CONFLICT DO UPDATE SET amount = excluded.amount;
            -- on Ordered
            INSERT INTO item VALUES (
                :number, :stream, :data ->> 'dish',
                (SELECT amount FROM price WHERE dish = :data ->> 'dish'),
                \(revision)\(more ? ", :recorded_at" : "")
            );

            """
    }

    /// One row for each tab.
    static let totals = """
        -- projection: totals  revision: 1
        -- setup
        CREATE TABLE total (tab TEXT NOT NULL PRIMARY KEY, dishes INTEGER NOT NULL);
        -- on Ordered
        INSERT INTO total VALUES (:stream, 1) ON CONFLICT DO UPDATE SET dishes = dishes + 1;

        """

    static func price(_ dish: String, _ amount: Int) -> String {
        #"{"stream":"menu-1","type":"Priced","data":{"dish":"\#(dish)","amount":\#(amount)}}"#
            + "\n"
    }

    static func order(_ dish: String, tab: Int) -> String {
        #"{"stream":"tab-\#(tab)","type":"Ordered","data":{"dish":"\#(dish)"}}"# + "\n"
    }

    /// A price, and orders of that dish at five tabs in turn.
    static func lines(orders: Int) -> String {
        price("soup", 4) + (1...orders).map { order("soup", tab: $0 % 5) }.joined()
    }
}

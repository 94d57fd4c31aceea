import ArgumentParser
import SQLiteStorage

/// `eventfeed diff`: says which rows of two read models differ.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say which rows of two read models differ.",
        discussion: """
            Compares all tables of two SQLite files: rows with the same primary key value by value,
            rows without one as wholes. Values are the same only if their types are: 1, 1.0 and '1'
            are three values. Tables named eventfeed_… and sqlite_…, views, and what FTS5 keeps its
            own tables in are left out. Both files are only read, each as it is at one moment;
            subscribers may write them meanwhile.

              - event: …   a row that only OLD has
              + event: …   a row that only NEW has
              ~ event 7: type 'A' → 'B'   a row with the same key and other values

            Exit status: 0 the same, 1 different, as with diff(1).

            Examples:
              eventfeed diff copy.db rebuilt.db
              eventfeed diff before.db after.db --summary
              eventfeed diff before.db after.db --limit 1000 | less
            """
    )

    @Argument(help: "The file that is compared with.")
    var old: String

    @Argument(help: "The file that is compared.")
    var new: String

    @Option(help: ArgumentHelp("Rows that are shown of each table at the most.", valueName: "n"))
    var limit = 20

    @Flag(help: "Only count the rows of each table.")
    var summary = false

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit \(limit): choose 0 or more") }
    }

    func run() async throws {
        for path in [old, new] { try StoreFileCheck.requireFile(path) }
        let comparison = ReadModelComparison(
            old: old,
            new: new,
            rowLimit: summary ? 0 : limit
        )
        let lines = ComparisonLines(old: old, new: new, limit: summary ? nil : limit)
        let isDifferent = try comparison.run { finding in
            for line in lines.lines(for: finding) { try StandardStream.output.writeLine(line) }
        }
        if isDifferent { throw EndTold(status: .different) }
    }
}

import ArgumentParser
import EventModel
import SQLiteStorage

/// `eventfeed projection`: read models that are written in SQL.
struct ProjectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projection",
        abstract: "Begin or check a read model that is written in SQL.",
        subcommands: [New.self, Check.self]
    )

    /// `eventfeed projection new`: writes a commented template.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Write a commented projection to begin with, to the standard output.",
            discussion: """
                Examples:
                  eventfeed projection new approvals > approvals.sql
                  eventfeed projection check approvals.sql
                """
        )

        @Argument(help: "What the projection is called.")
        var name = "example"

        func validate() throws {
            guard (1...100).contains(name.count),
                !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
            else { throw ValidationError("a name has 1 to 100 characters on one line") }
        }

        func run() async throws {
            try StandardStream.output.write(Array(Projections.template(named: name).utf8))
        }
    }

    /// `eventfeed projection check`: vets files without a feed.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check projections as subscribe does, without a feed.",
            discussion: """
                Says for each file what it handles, and what is wrong or doubtful in it, with file
                and line. Several files are checked together too, as they would share a database.

                Examples:
                  eventfeed projection check approvals.sql
                  eventfeed projection check approvals.sql days.sql
                """
        )

        @Argument(help: "The files.")
        var files: [String]

        func run() async throws {
            let projections = try Projections.load(
                files,
                within: SQLProjection.standardTimeLimit
            )
            for (file, projection) in zip(files, projections) {
                try StandardStream.output.writeLine(
                    TerminalText.escaped(
                        "\(file): projection \(projection.name), revision \(projection.revision), "
                            + "handles \(projection.handledTypes.joined(separator: ", "))"
                    )
                )
            }
        }
    }
}

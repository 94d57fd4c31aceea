import ArgumentParser
import FeedReading
import Foundation

/// What a migration copies, and where it notes how far it is.
struct MigrateSelection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where it stands is kept in this file. (default: a name made of both addresses)",
            valueName: "file"
        )
    )
    var state: String?

    @Option(help: ArgumentHelp("Events on a page of the source, 1 to 4096.", valueName: "n"))
    var page = 500

    @Flag(help: "Copy what the source recorded about itself too; never users.")
    var withSystemStreams = false

    @Option(
        help: ArgumentHelp(
            "Leave out this stream, or with * at the end all that begin so; may be repeated.",
            valueName: "stream"
        )
    )
    var leaveOut: [String] = []

    @Flag(help: "Copy behind events that the target has already.")
    var afterExisting = false

    @Flag(help: "Do not compare source and target at the end.")
    var noVerify = false

    @Flag(help: "Copy nothing, only compare what an earlier run copied.")
    var verifyOnly = false

    func validate() throws {
        guard (1...4_096).contains(page) else {
            throw ValidationError("--page \(page): choose 1 to 4096 events")
        }
        guard !(noVerify && verifyOnly) else {
            throw ValidationError("choose one of --no-verify and --verify-only")
        }
        guard !leaveOut.contains("") else {
            throw ValidationError("--leave-out \"\": name a stream")
        }
    }

    var scope: MigrationScope {
        MigrationScope(hasSystemStreams: withSystemStreams, leftOut: leaveOut)
    }
}

/// Who asks the source.
struct SourceAccessOptions: ParsableArguments {
    /// The variable that holds the password of `--source-user`.
    static let passwordVariable = "EVENTFEED_SOURCE_PASSWORD"

    @Option(
        help: ArgumentHelp(
            """
            Ask the source as this user, a member of $admins; the password is in \
            --source-password-file or EVENTFEED_SOURCE_PASSWORD. (default: whom .netrc has)
            """,
            valueName: "name"
        )
    )
    var sourceUser: String?

    @Option(
        help: ArgumentHelp("The first line is the password of --source-user.", valueName: "file")
    )
    var sourcePasswordFile: String?

    @Option(
        help: ArgumentHelp(
            "Trust the authorities in this PEM file for the source, and no others.",
            valueName: "file"
        )
    )
    var sourceCaFile: String?

    func validate() throws {
        guard sourceUser != nil || sourcePasswordFile == nil else {
            throw ValidationError("--source-password-file is for --source-user NAME: give both")
        }
        let hasPassword = environment[Self.passwordVariable]?.isEmpty == false
        guard sourceUser == nil || sourcePasswordFile != nil || hasPassword else {
            throw ValidationError(
                "there is no password for --source-user: give --source-password-file FILE, or set "
                    + Self.passwordVariable
            )
        }
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    var access: Access {
        var environment = environment
        environment[Access.passwordVariable] = environment[Self.passwordVariable]
        return Access(
            user: sourceUser,
            passwordFile: sourcePasswordFile,
            caFile: sourceCaFile,
            environment: environment
        )
    }
}

import ArgumentParser

/// Who asks a server, and whom it is believed to be: the options of every command that takes an
/// address.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Ask as this user; the password is in --password-file, EVENTFEED_PASSWORD or .netrc. \
            (default: whom .netrc, or the file that NETRC names, has for the host)
            """,
            valueName: "name"
        )
    )
    var user: String?

    @Option(
        help: ArgumentHelp("The first line is the password of --user.", valueName: "file")
    )
    var passwordFile: String?

    @Option(
        help: ArgumentHelp(
            "Trust the authorities in this PEM file and no others.",
            valueName: "file"
        )
    )
    var caFile: String?

    func validate() throws {
        guard user != nil || passwordFile == nil else {
            throw ValidationError("--password-file is for --user NAME: give both")
        }
    }

    /// What was given, for whoever asks servers later.
    var access: Access { Access(user: user, passwordFile: passwordFile, caFile: caFile) }
}

import Testing

@Suite(.timeLimit(.minutes(1))) struct `Help` {
    @Test(arguments: [
        "serve", "append", "subscribe", "browse", "status", "export", "verify", "diff",
        "new-epoch", "user",
    ])
    func `of every command has examples`(command: String) async throws {
        let outcome = try await Command.run(command, "--help")

        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Examples:\n"))
        #expect(outcome.output.contains("  eventfeed \(command) "))
    }

    private static let options: [String: String] = [
        "serve": """
        data listen page-size title base-url config log-format tls-cert tls-key feed-readers \
        event-store-defaults event-store-cors
        """,
        "append": "type data media-type metadata id expect ndjson user password-file ca-file",
        "subscribe": """
        every into once until-caught-up wait after stream category type batch timeout \
        retry-min retry-max give-up accept-epoch print state exec exec-timeout log-format explain \
        user password-file ca-file
        """,
        "browse": "last after stream follow user password-file ca-file",
        "status": "json user password-file ca-file",
        "export": "user password-file ca-file",
        "rebuild": "user password-file ca-file",
        "verify": "patience timeout json user password-file ca-file",
        "diff": "limit summary",
        "migrate": """
        state page with-system-streams leave-out after-existing no-verify verify-only source-user \
        source-password-file source-ca-file user password-file ca-file timeout patience
        """,
    ]

    @Test(arguments: options.keys.sorted())
    func `names every option`(command: String) async throws {
        let help = try await Command.run(command, "--help").output
        let options = try #require(Self.options[command]).split(separator: " ")

        for option in options {
            #expect(help.contains("--\(option)"), "\(command) --\(option)")
        }
    }

    @Test func `is there for the whole, with a version`() async throws {
        let help = try await Command.run("--help")
        let version = try await Command.run("--version")

        #expect(help.output.contains("Examples:\n"))
        #expect(version.output.split(separator: ".").count == 3)
        #expect([help.status, version.status] == [0, 0])
    }
}

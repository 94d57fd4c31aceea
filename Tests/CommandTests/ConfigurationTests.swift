import Testing

@Suite(.timeLimit(.minutes(1))) struct `Settings of serve` {
    private static let variable = "EVENTFEED_SERVE_PAGE_SIZE"

    /// What each source says, and what counts.
    struct Sources: Sendable {
        var option: Int?
        var variable: Int?
        var file: Int?
        var expected: Int
    }

    private static let sources: [Sources] = [
        Sources(expected: 100),
        Sources(file: 20, expected: 20),
        Sources(variable: 30, file: 20, expected: 30),
        Sources(option: 40, variable: 30, file: 20, expected: 40),
        Sources(option: 40, expected: 40),
    ]

    @Test(arguments: sources)
    func `come from the command line, then the environment, then the file`(
        _ sources: Sources
    ) async throws {
        try await TemporaryFolder.with { folder in
            let data = folder.path("store.db")
            var arguments = ["serve", "--data", data, "--listen", "127.0.0.1:0"]
            if let option = sources.option { arguments += ["--page-size", "\(option)"] }
            if let file = sources.file {
                let text = "{\"serve\": {\"page-size\": \(file)}}"
                arguments += ["--config", try folder.write(text, to: "config.json")]
            }
            let child = try Child.start(
                arguments,
                environment: sources.variable.map { [Self.variable: "\($0)"] } ?? [:]
            )
            defer { child.send(9) }

            let line = try await child.output { $0.contains("\n") || !child.isRunning }

            #expect(line.contains(", \(sources.expected) a page, "), "\(child.error)")
        }
    }

    @Test func `come from the file that the environment names, unless an option does`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            var environment: [String: String] = [:]
            var option: [String] = []
            for (size, name) in [(20, "first.json"), (30, "second.json")] {
                let text = "{\"serve\": {\"page-size\": \(size)}}"
                let file = try folder.write(text, to: name)
                if environment.isEmpty {
                    environment["EVENTFEED_SERVE_CONFIG"] = file
                } else {
                    option = ["--config", file]
                }
                let data = folder.path("\(size).db")
                let child = try Child.start(
                    ["serve", "--data", data, "--listen", "127.0.0.1:0"] + option,
                    environment: environment
                )
                defer { child.send(9) }

                let line = try await child.output { $0.contains("\n") || !child.isRunning }

                #expect(line.contains(", \(size) a page, "), "\(child.error)")
            }
        }
    }

    /// A file, one variable of the environment, and what the message must name.
    struct Mistake: Sendable {
        var file = "{}"
        var variable = "UNRELATED"
        var value = ""
        var named: String
    }

    private static let mistakes: [Mistake] = [
        Mistake(file: "{\"serve\": {\"page-sise\": 20}}", named: "page-sise"),
        Mistake(file: "{\"serve\": {\"page-size\": \"many\"}}", named: "page-size"),
        Mistake(file: "{\"servant\": {}}", named: "servant"),
        Mistake(file: "no JSON", named: "JSON"),
        Mistake(variable: "EVENTFEED_SERVE_PAGESIZE", value: "20", named: "SERVE_PAGESIZE"),
        Mistake(variable: variable, value: "many", named: variable),
        Mistake(variable: "EVENTFEED_SERVE_IDLE_TIMEOUT", value: "long", named: "idle-timeout"),
        Mistake(variable: "EVENTFEED_SERVE_IDLE_TIMEOUT", value: "10ms", named: "1s to 24h"),
        Mistake(variable: "EVENTFEED_SERVE_BASE_URL", value: "example.org", named: "base-url"),
    ]

    @Test(arguments: mistakes)
    func `with a mistake in them are refused by name`(_ mistake: Mistake) async throws {
        try await TemporaryFolder.with { folder in
            let config = try folder.write(mistake.file, to: "config.json")

            let outcome = try await Command.run(
                "serve",
                "--data",
                folder.path("store.db"),
                "--config",
                config,
                environment: [mistake.variable: mistake.value]
            )

            #expect(outcome.status == 78, "\(outcome.error)")
            #expect(outcome.error.contains(mistake.named))
        }
    }

    @Test func `that count only for a new store are said to be ignored`() async throws {
        try await TemporaryFolder.with { folder in
            let store = folder.path("store.db")
            let first = try await TestServer.start(store: store, ["--page-size", "50"])
            try await first.stop()

            let second = try await TestServer.start(
                store: store,
                ["--page-size", "60", "--title", "Other"]
            )
            let outcome = try await second.stop()

            #expect(outcome.output.contains(", 50 a page, "))
            #expect(outcome.error.contains("page size 60 is ignored, the store has 50"))
            #expect(outcome.error.contains("title \"Other\" is ignored"))
        }
    }
}

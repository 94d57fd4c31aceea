import Testing

@Suite(.timeLimit(.minutes(1))) struct `Settings of serve` {
    private static let variable = "EVENTFEED_SERVE_PAGE_SIZE"

    @Test(arguments: [
        (nil, nil, nil, 100),
        (nil, nil, 20, 20),
        (nil, 30, 20, 30),
        (40, 30, 20, 40),
        (40, nil, nil, 40),
    ])
    func `come from the command line, then the environment, then the file`(
        option: Int?,
        variable: Int?,
        file: Int?,
        expected: Int
    ) async throws {
        try await TemporaryFolder.with { folder in
            let data = folder.path("store.db")
            var arguments = ["serve", "--data", data, "--listen", "127.0.0.1:0"]
            if let option { arguments += ["--page-size", "\(option)"] }
            if let file {
                let text = "{\"serve\": {\"page-size\": \(file)}}"
                arguments += ["--config", try folder.write(text, to: "config.json")]
            }
            let child = try Child.start(
                arguments,
                environment: variable.map { [Self.variable: "\($0)"] } ?? [:]
            )
            defer { child.send(9) }

            let line = try await child.output { $0.contains("\n") || !child.isRunning }

            #expect(line.contains(", \(expected) a page, "), "\(child.error)")
        }
    }

    @Test(arguments: [
        ("{\"serve\": {\"page-sise\": 20}}", [:], "page-sise"),
        ("{\"serve\": {\"page-size\": \"many\"}}", [:], "page-size"),
        ("{\"servant\": {}}", [:], "servant"),
        ("no JSON", [:], "JSON"),
        ("{}", ["EVENTFEED_SERVE_PAGESIZE": "20"], "EVENTFEED_SERVE_PAGESIZE"),
        ("{}", ["EVENTFEED_SERVE_PAGE_SIZE": "many"], "EVENTFEED_SERVE_PAGE_SIZE"),
        ("{}", ["EVENTFEED_SERVE_IDLE_TIMEOUT": "long"], "idle-timeout"),
        ("{}", ["EVENTFEED_SERVE_BASE_URL": "example.org"], "base-url"),
    ])
    func `with a mistake in them are refused by name`(
        file: String,
        environment: [String: String],
        named: String
    ) async throws {
        try await TemporaryFolder.with { folder in
            let config = try folder.write(file, to: "config.json")

            let outcome = try await Command.run(
                "serve",
                "--data",
                folder.path("store.db"),
                "--config",
                config,
                environment: environment
            )

            #expect(outcome.status == 78, "\(outcome.error)")
            #expect(outcome.error.contains(named))
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

import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `The command user` {
    /// An empty store in a folder.
    private static func store(in folder: Folder) async throws -> String {
        try await TestServer.with(folder) { server in
            try await server.stop()
            return server.store
        }
    }

    private static func user(_ arguments: String..., input: String = "") async throws
        -> Command.Outcome
    {
        try await Child.start(["user"] + arguments, input: input).outcome()
    }

    /// The same as ann, through a server that wants to know who asks.
    private static func asAnn(_ arguments: String..., input: String = "") async throws
        -> Command.Outcome
    {
        try await Child.start(
            ["user"] + arguments + ["--user", "ann"],
            input: input,
            environment: ["EVENTFEED_PASSWORD": "se:cret"]
        ).outcome()
    }

    private static func status(_ url: String, _ login: String? = nil) async throws -> String {
        var arguments = ["-s", "-o", "/dev/null", "-w", "%{http_code}", url]
        if let login { arguments += ["-u", login] }
        return try await Child.start(arguments, program: Tool.find("curl")).outcome().output
    }

    @Test func `changes the users of a file that nobody holds`() async throws {
        try await TemporaryFolder.with { folder in
            let store = try await Self.store(in: folder)
            let empty = try await Self.user("list", store)
            #expect(empty.output == "there are no users: everybody may do everything\n")

            let first = try await Self.user("add", store, "bob", "--group", "staff", input: "pw\n")
            #expect(first.status == 65)
            #expect(first.error.contains("must be in the group $admins"))

            let password = try folder.write("secret\r\nsecond line\n", to: "password")
            let added = try await Self.user(
                "add",
                store,
                "ann",
                "--admin",
                "--full-name",
                "Ann Hall",
                "--new-password-file",
                password
            )
            #expect(added.status == 0 && added.output == "added ann\n", "\(added.error)")
            let second = try await Self.user(
                "add",
                store,
                "bob",
                "--group",
                "staff",
                "--group",
                "b",
                input: "pw"
            )
            #expect(second.status == 0, "\(second.error)")
            let again = try await Self.user("add", store, "bob", input: "pw")
            #expect(again.status == 65 && again.error.contains("there is a user bob already"))

            #expect(try await Self.user("disable", store, "bob").output == "disabled bob\n")
            let listed = try await Self.user("list", store).output
            #expect(listed == "ann  $admins  Ann Hall\nbob  staff,b  disabled\n")
            #expect(try await Self.user("enable", store, "bob").status == 0)

            for last in ["disable", "delete"] {
                let refused = try await Self.user(last, store, "ann")
                #expect(refused.status == 65)
                #expect(refused.error.contains("ann is the last enabled user in $admins"))
            }
            #expect(try await Self.user("delete", store, "bob").status == 0)
            let unknown = try await Self.user("passwd", store, "bob", input: "x\n")
            #expect(unknown.status == 65 && unknown.error.contains("there is no user bob"))

            let events = try await SQL.rows(store, "SELECT count(*) FROM event")
            #expect(events == ["0"])
            #expect(try await !SQL.dump(store).contains("secret"))

            try await TestServer.with(folder) { server in
                let feed = "\(server.url)/feed"
                let statuses = [
                    try await Self.status(feed), try await Self.status(feed, "ann:wrong"),
                    try await Self.status(feed, "ann:secret"),
                ]
                #expect(statuses == ["401", "401", "200"])
            }
        }
    }

    @Test func `changes the users of a running server`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let held = try await Self.user("list", server.store)
                #expect(held.status == 75)
                #expect(held.error.contains("name the address of the server"), "\(held.error)")

                let refused = try await Self.user("add", server.url, "bob", input: "pw\n")
                #expect(refused.status == 65 && refused.error.contains("$admins"))
                let ann = try await Self.user("add", server.url, "ann", "--admin", input: "se:cret")
                #expect(ann.status == 0, "\(ann.error)")

                let stranger = try await Self.user("list", server.url)
                #expect(stranger.status == 77, "\(stranger.error)")
                let url = server.url
                let bob = try await Self.asAnn(
                    "add",
                    url,
                    "böb",
                    "--group",
                    "staff",
                    input: "pw\n"
                )
                #expect(bob.status == 0, "\(bob.error)")
                #expect(try await Self.status("\(server.url)/feed", "böb:pw") == "403")
                let passwd = try await Self.asAnn("passwd", url, "böb", input: "new\n")
                #expect(passwd.status == 0, "\(passwd.error)")
                #expect(try await Self.status("\(server.url)/feed", "böb:pw") == "401")
                #expect(try await Self.status("\(server.url)/feed", "böb:new") == "403")
                #expect(try await Self.asAnn("disable", url, "böb").status == 0)
                #expect(try await Self.status("\(server.url)/feed", "böb:new") == "401")
                let listed = try await Self.asAnn("list", url).output
                #expect(listed == "ann  $admins\nböb  staff  disabled\n")
                #expect(try await Self.asAnn("enable", url, "böb").status == 0)
                #expect(try await Self.asAnn("delete", url, "böb").status == 0)
                let gone = try await Self.asAnn("delete", url, "böb")
                #expect(gone.status == 65 && gone.error.contains("there is no user böb"))
                let last = try await Self.asAnn("delete", url, "ann")
                #expect(last.status == 65 && last.error.contains("last enabled user"))
                // Users are no events.
                let status = try await Command.run(
                    "status",
                    url,
                    "--user",
                    "ann",
                    environment: ["EVENTFEED_PASSWORD": "se:cret"]
                )
                #expect(status.status == 0)
                #expect(try await SQL.rows(server.store, "SELECT count(*) FROM event") == ["0"])
            }
        }
    }

    @Test func `is used wrongly in ways that it names`() async throws {
        try await TemporaryFolder.with { folder in
            let store = try await Self.store(in: folder)
            let cases: [([String], String, Int32, String)] = [
                (["add", store, "$x", "--admin"], "pw", 64, "begins with $"),
                (["add", store, "a:b", "--admin"], "pw", 64, "contains :"),
                (["add", store, "ann", "--admin"], "", 64, "the password is empty"),
                (["add", store, "ann", "--admin", "--group", "$all"], "pw", 64, "$all"),
                (["add", folder.path("none.db"), "ann", "--admin"], "pw", 66, "there is no file"),
                (
                    ["add", store, "ann", "--admin", "--new-password-file", "/none"], "", 66,
                    "/none"
                ),
                (["add", store, "ann", "--password", "pw"], "", 64, "--password"),
                (["list", "http://127.0.0.1:1"], "", 69, "127.0.0.1:1"),
            ]
            for (arguments, input, status, text) in cases {
                let outcome = try await Child.start(["user"] + arguments, input: input).outcome()
                #expect(outcome.status == status, "\(arguments) \(outcome.error)")
                #expect(outcome.error.contains(text), "\(outcome.error)")
                #expect(outcome.error.split(separator: "\n").count == 1)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path("none.db")))
        }
    }

    @Test(arguments: ["add", "passwd", "disable", "enable", "delete", "list"])
    func `has examples for each of its parts`(part: String) async throws {
        let help = try await Command.run("user", part, "--help")
        #expect(help.status == 0)
        #expect(help.output.contains("Examples:\n"))
        #expect(help.output.contains("  eventfeed user \(part) "))
    }
}

@Suite(.timeLimit(.minutes(2))) struct `A server with access control` {
    @Test func `has the users of a fresh Event Store on request`() async throws {
        try await TemporaryFolder.with { folder in
            let port = try await TestServer.with(folder, "--event-store-defaults") { server in
                let status = { (login: String) in
                    let arguments = [
                        "-s", "-o", "/dev/null", "-w", "%{http_code}", "-u", login,
                        "\(server.url)/feed",
                    ]
                    return try await Child.start(arguments, program: Tool.find("curl"))
                        .outcome().output
                }
                #expect(try await status("admin:changeit") == "200")
                #expect(try await status("ops:changeit") == "403")
                #expect(try await status("admin:other") == "401")
                try await server.stop()
                return server.port
            }
            let store = folder.path("store.db")
            func start(_ arguments: String...) async throws -> Command.Outcome {
                let serve = ["serve", "--data", store, "--listen", "0.0.0.0:\(port)"]
                return try await Child.start(serve + arguments).outcome()
            }

            // Also without the option, as long as one of the passwords stands.
            for outcome in [try await start(), try await start("--event-store-defaults")] {
                #expect(outcome.status == 78)
                #expect(outcome.error.contains("default password"), "\(outcome.error)")
            }
            let passwd = ["user", "passwd", store, "admin"]
            #expect(try await Child.start(passwd, input: "other").outcome().status == 0)
            let ops = try await start()
            #expect(ops.status == 78 && ops.error.contains("ops would be"), "\(ops.error)")
            _ = try await Command.run("user", "disable", store, "ops")
            let server = try await TestServer.start(store: store, listen: "0.0.0.0:0")
            try await server.stop()
        }
    }

    @Test func `is refused before anything is made where all the network could log in`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            let store = folder.path("store.db")
            let outcome = try await Command.run(
                "serve",
                "--data",
                store,
                "--listen",
                "0.0.0.0:0",
                "--event-store-defaults"
            )
            #expect(outcome.status == 78, "\(outcome.error)")
            #expect(outcome.error.contains("start with --listen 127.0.0.1:2113 first"))
            #expect(!FileManager.default.fileExists(atPath: store))
            // Nor does a store that is there, without users, get any.
            _ = try await TestServer.with(folder) { server in try await server.stop() }
            let again = try await Command.run(
                "serve",
                "--data",
                store,
                "--listen",
                "0.0.0.0:0",
                "--event-store-defaults"
            )
            #expect(again.status == 78 && again.error.contains("first"), "\(again.error)")
            #expect(try await SQL.rows(store, "SELECT count(*) FROM user") == ["0"])
        }
    }

    @Test func `says at each start without users that everybody may do everything`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let words = "access lists are stored but not enforced"
                #expect(server.child.error.split(separator: words).count == 2)
                #expect(server.child.error.contains("everybody may do everything"))
                let add = ["user", "add", server.url, "ann", "--admin"]
                #expect(try await Child.start(add, input: "pw").outcome().status == 0)
                try await server.stop()
            }
            try await TestServer.with(folder) { server in
                #expect(!server.child.error.contains("not enforced"))
            }
        }
    }

    @Test func `lets those read the feed whom it was told`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--feed-readers", "staff", "--feed-readers", "eve") {
                server in
                let password = ["EVENTFEED_PASSWORD": "pw"]
                let ann = ["user", "add", server.url, "ann", "--admin"]
                #expect(try await Child.start(ann, input: "pw").outcome().status == 0)
                for (login, group) in [("bob", "staff"), ("eve", "x"), ("tom", "x")] {
                    let add = ["user", "add", server.url, login, "--group", group]
                    let child = try Child.start(
                        add + ["--user", "ann"],
                        input: "pw",
                        environment: password
                    )
                    #expect(try await child.outcome().status == 0)
                }
                var statuses: [String: Int32] = [:]
                for login in ["ann", "bob", "eve", "tom"] {
                    statuses[login] = try await Command.run(
                        "verify",
                        server.url,
                        "--user",
                        login,
                        environment: password
                    ).status
                }
                #expect(statuses == ["ann": 0, "bob": 0, "eve": 0, "tom": 77])
            }
            let wrong = try await Command.run(
                "serve",
                "--data",
                folder.path("s.db"),
                "--feed-readers",
                "a:b"
            )
            #expect(wrong.status == 64 && wrong.error.contains("feed-readers has \"a:b\""))
        }
    }
}

import EventTesting
import Foundation
import Testing

/// Decodes the credentials of a request; nil where it has none.
private func credentials(of request: ScriptedServer.Request?) -> String? {
    guard let field = request?["authorization"], field.hasPrefix("Basic "),
        let data = Data(base64Encoded: String(field.dropFirst(6)))
    else { return nil }
    return String(decoding: data, as: UTF8.self)
}

@Suite(.timeLimit(.minutes(2))) struct `The user of a command` {
    /// Asks a server that wants to know who asks.
    private func asked(
        _ arguments: [String],
        at path: String = "",
        environment: [String: String]
    ) async throws -> (outcome: Command.Outcome, credentials: [String?]) {
        try await ScriptedServer.run(answering: { _ in
            [.answer(401, ["WWW-Authenticate: Basic realm=\"ES\""])]
        }) { server in
            let given = arguments.map { $0.replacing("URL", with: server.address + path) }
            // Nobody's own .netrc counts here.
            let all = ["HOME": "/nowhere"].merging(environment) { $1 }
            let outcome = try await Child.start(given, environment: all).outcome()
            return (outcome, server.requests.map { credentials(of: $0) })
        }
    }

    @Test(arguments: [
        ["subscribe", "URL", "--into", "FOLDER/copy.db"],
        ["subscribe", "URL", "--into", "FOLDER/copy.db", "--explain"],
        ["append", "URL", "a", "--type", "T", "--data", "1"], ["browse", "URL"], ["verify", "URL"],
        ["export", "URL", "FOLDER/published"], ["status", "URL"],
    ])
    func `is told to the server, and the end where it is not accepted`(
        arguments: [String]
    ) async throws {
        try await TemporaryFolder.with { folder in
            let place = arguments.map { $0.replacing("FOLDER/", with: folder.path("")) }
            let (outcome, credentials) = try await asked(
                place + ["--user", "ann"],
                environment: ["EVENTFEED_PASSWORD": "s3cret"]
            )
            #expect(outcome.status == 77, "\(outcome.error)")
            #expect(credentials == ["ann:s3cret"])
            #expect(outcome.error.contains("401"))
            #expect(outcome.error.contains("--user NAME"))
            #expect(!(outcome.error + outcome.output).contains("s3cret"))
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("")) {
                let bytes = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
                #expect(bytes.firstRange(of: Data("s3cret".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func `may be nobody`() async throws {
        let (outcome, credentials) = try await asked(
            ["browse", "URL"],
            environment: ["EVENTFEED_PASSWORD": "s3cret"]
        )
        #expect(outcome.status == 77)
        #expect(credentials == [nil])
    }

    @Test func `has a password in a file, which counts more than the environment`() async throws {
        try await TemporaryFolder.with { folder in
            let file = try folder.write("fröm file\r\nsecond line\n", to: "password")
            chmod(file, 0o600)
            let (outcome, credentials) = try await asked(
                ["browse", "URL", "--user", "ann", "--password-file", file],
                environment: ["EVENTFEED_PASSWORD": "s3cret"]
            )
            #expect(credentials == ["ann:fröm file"])
            #expect(!outcome.error.contains("others can read"))

            chmod(file, 0o644)
            let loose = try await asked(
                ["browse", "URL", "--user", "ann", "--password-file", file],
                environment: [:]
            )
            #expect(loose.outcome.error.split(separator: "others can read").count == 2)
            #expect(!loose.outcome.error.contains("fröm file"))
        }
    }

    private static let netrcs: [(text: String, user: String?, sent: String?)] = [
        ("machine 127.0.0.1 login ann password one", nil, "ann:one"),
        ("machine 127.0.0.1\n\tlogin ann\n\tpassword one\n", nil, "ann:one"),
        ("machine 127.0.0.1 password one login ann", nil, "ann:one"),
        ("machine h login x password y\nmachine 127.0.0.1 login ann password b", nil, "ann:b"),
        ("machine h login x password y\ndefault login ann password two", nil, "ann:two"),
        ("machine h login x password y", nil, nil),
        ("machine 127.0.0.1 login ann", nil, nil),
        ("", nil, nil),
        ("machine 127.0.0.1 login a password b\ndefault login c password d", nil, "a:b"),
        ("machine 127.0.0.1 login a password b machine 127.0.0.1 login c password d", "c", "c:d"),
        ("machine 127.0.0.1 login a password b default password d", "c", "c:d"),
        (#"machine 127.0.0.1 login "a b" password "c \"d\\ e""#, nil, #"a b:c "d\ e"#),
        (
            "# machine 127.0.0.1 login x password y\nmachine 127.0.0.1 login a password #b", nil,
            "a:#b"
        ),
        ("machine 127.0.0.1 account z login a password b", nil, "a:b"),
        ("machine 127.0.0.1 port 21 protocol ftp login a password b", nil, "a:b"),
        (
            "macdef init\nmachine 127.0.0.1 login x password y\n\ndefault login a password b", nil,
            "a:b"
        ),
        ("machine 127.0.0.1 login ünï password pässword", nil, "ünï:pässword"),
        ("machine 127.0.0.10 login x password y", nil, nil),
    ]

    @Test(arguments: netrcs.indices)
    func `may stand in .netrc`(index: Int) async throws {
        let (text, user, sent) = Self.netrcs[index]
        try await TemporaryFolder.with { folder in
            chmod(try folder.write(text, to: ".netrc"), 0o600)
            let (outcome, credentials) = try await asked(
                ["browse", "URL"] + (user.map { ["--user", $0] } ?? []),
                environment: ["HOME": folder.path("")]
            )
            #expect(credentials == [sent], "\(outcome.error)")
            #expect(!outcome.error.contains("others can read"))
        }
    }

    @Test func `stands in the file that NETRC names`() async throws {
        try await TemporaryFolder.with { folder in
            let file = try folder.write("default login ann password p4ss", to: "netrc")
            chmod(file, 0o640)
            let (outcome, credentials) = try await asked(
                ["status", "URL"],
                environment: ["NETRC": file]
            )
            #expect(credentials == ["ann:p4ss"])
            #expect(outcome.error.split(separator: "others can read").count == 2)
            #expect(!outcome.error.contains("p4ss"))
        }
    }

    @Test func `is nobody where .netrc cannot be read and nobody asked for it`() async throws {
        try await TemporaryFolder.with { folder in
            let netrc = folder.path(".netrc")
            func ask(_ arguments: String...) async throws -> (Command.Outcome, [String?]) {
                try await asked(
                    ["browse", "URL"] + arguments,
                    environment: ["HOME": folder.path("")]
                )
            }
            for text in ["machine 127.0.0.1 login a pasword s3cret", "machine h\nlogin \"s3cret"] {
                _ = try folder.write(text, to: ".netrc")
                let (outcome, credentials) = try await ask()
                #expect(outcome.status == 77 && credentials == [nil], "\(outcome.error)")
                #expect(outcome.error.contains("asking without a password"))
                #expect(outcome.error.contains(".netrc, line "))
                #expect(!outcome.error.contains("s3cret"))

                let wanted = try await ask("--user", "ann")
                #expect(wanted.0.status == 65 && wanted.1.isEmpty, "\(wanted.0.error)")
            }
            try FileManager.default.removeItem(atPath: netrc)
            // Nobody can read a folder, not even root.
            try FileManager.default.createDirectory(
                atPath: netrc,
                withIntermediateDirectories: false
            )
            let (outcome, credentials) = try await ask()
            #expect(outcome.status == 77 && credentials == [nil], "\(outcome.error)")
            #expect(outcome.error.contains(".netrc cannot be read"))
        }
    }

    @Test func `is refused where its password cannot be found`() async throws {
        try await TemporaryFolder.with { folder in
            let broken = try folder.write("machine h\nlogin a password \"s3cret", to: "broken")
            let odd = try folder.write("machine h login a pasword s3cret", to: "odd")
            let empty = try folder.write("\n", to: "empty")
            let long = try folder.write(String(repeating: "x", count: 5_000), to: "long")
            let cases: [([String], [String: String], Int32, String)] = [
                (["--user", "ann"], [:], 64, "there is no password for ann at 127.0.0.1"),
                (["--user", "ann"], ["EVENTFEED_PASSWORD": ""], 64, "there is no password"),
                (["--user", "a:b"], ["EVENTFEED_PASSWORD": "x"], 64, "colon"),
                (["--user", "ann"], ["EVENTFEED_PASSWORD": "s3cret\n"], 64, "control characters"),
                (["--password-file", empty], [:], 64, "--user NAME"),
                (["--user", "ann", "--password-file", "/nowhere/x"], [:], 66, "cannot be read"),
                (["--user", "ann", "--password-file", empty], [:], 65, "has no password"),
                (["--user", "ann", "--password-file", long], [:], 65, "4096 bytes"),
                ([], ["NETRC": "/nowhere/netrc"], 66, "/nowhere/netrc cannot be read"),
                ([], ["NETRC": broken], 65, "line 2: a quotation mark is never closed"),
                ([], ["NETRC": odd], 65, "line 1: there is a word"),
                (["--ca-file", empty], [:], 65, "no certificates in PEM"),
                (["--ca-file", "/nowhere/ca.pem"], [:], 66, "cannot be read"),
            ]
            for (arguments, environment, status, words) in cases {
                let (outcome, credentials) = try await asked(
                    ["browse", "URL"] + arguments,
                    environment: environment
                )
                #expect(outcome.status == status, "\(arguments) \(outcome.error)")
                #expect(outcome.error.contains(words), "\(arguments) \(outcome.error)")
                #expect(!outcome.error.contains("s3cret"))
                #expect(credentials.isEmpty)
            }
            let local = try await Command.run("browse", folder.path(""), "--user", "ann")
            #expect(local.status == 64)
            #expect(local.error.contains("--user is for servers"))
        }
    }

    @Test func `does not stand in an address`() async throws {
        for command in ["browse", "verify", "status", "subscribe"] {
            let more = command == "subscribe" ? ["--into", "/nowhere/copy.db"] : []
            let outcome = try await Child.start(
                [command, "http://ann:s3cret@127.0.0.1:1"] + more
            ).outcome()
            #expect(outcome.status == 64, "\(outcome.error)")
            #expect(outcome.error.contains("--user NAME"))
            #expect(!outcome.error.contains("s3cret"))
        }
    }

    @Test func `is warned once where the password would go unencrypted`() async throws {
        // Nothing is asked: the name is for documentation (RFC 6761).
        let child = try Child.start(
            ["status", "http://eventfeed.invalid:1", "--user", "ann"],
            environment: ["EVENTFEED_PASSWORD": "s3cret", "HOME": "/nowhere"]
        )
        let outcome = try await child.outcome()
        #expect(outcome.error.split(separator: "goes unencrypted to").count == 2)
        #expect(!outcome.error.contains("s3cret"))
        let (local, _) = try await asked(
            ["status", "URL", "--user", "ann"],
            environment: ["EVENTFEED_PASSWORD": "x"]
        )
        #expect(!local.error.contains("unencrypted"))
    }
}

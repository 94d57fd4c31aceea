import EventTesting
import Foundation
import Testing

@Suite(
    .timeLimit(.minutes(2)),
    .enabled(
        if: TestAuthority.isInstalled,
        "openssl is not installed (apt-get install openssl): skipped"
    )
)
struct `A server with a certificate` {
    /// Runs `body` with a server that shows what an authority signed.
    private func serving(
        for hosts: [String] = ["IP:127.0.0.1"],
        days: Int = 2,
        _ body: (TestServer, TestAuthority, Folder) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let authority = try await TestAuthority.make(in: folder.path(""))
            let identity = try await authority.issue(for: hosts, days: days)
            let server = try await TestServer.start(
                store: folder.path("store.db"),
                ["--tls-cert", identity.certificate, "--tls-key", identity.key]
            )
            defer { server.child.send(SIGKILL) }
            try await body(server, authority, folder)
        }
    }

    @Test func `serves curl, appends and subscriptions`() async throws {
        try await serving { server, authority, folder in
            let authorities = authority.certificate
            #expect(server.url.hasPrefix("https://127.0.0.1:"))
            let answer = try await Curl.run(
                "-sS",
                "--cacert",
                authorities,
                "-w",
                " %{http_code} %{http_version}",
                server.url + "/healthz"
            )
            #expect(answer == "{\"status\":\"ok\"}\n 200 1.1")

            let loaded = try await Command.run(
                "append",
                server.url,
                "--ndjson",
                "--ca-file",
                authorities,
                input: Input.lines(250)
            )
            #expect(loaded.status == 0, "\(loaded.error)")
            let copy = folder.path("copy.db")
            let followed = try await Command.run(
                "subscribe",
                server.url,
                "--into",
                copy,
                "--until-caught-up",
                "--ca-file",
                authorities
            )
            #expect(followed.status == 0, "\(followed.error)")
            #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["250"])
            let standing = try await Command.run("status", server.url, "--ca-file", authorities)
            #expect(standing.status == 0)
            #expect(standing.output.contains("ready"))

            let stopped = try await server.stop()
            #expect(stopped.status == 0)
            #expect(!stopped.error.contains("handshake"))
            #expect(!stopped.error.contains("expired"))
        }
    }

    /// What a client says of a server that it cannot trust.
    private func distrust(_ arguments: [String]) async throws -> (verify: String, append: String) {
        let verified = try await Child.start(["verify"] + arguments).outcome()
        #expect(verified.status == 76, "\(verified.error)")
        let appended = try await Child.start(
            ["append"] + arguments + ["a", "--type", "T", "--data", "1"]
        ).outcome()
        #expect(appended.status == 74, "\(appended.error)")
        return (verified.error, appended.error)
    }

    @Test func `is not trusted for another authority's word`() async throws {
        try await serving { server, _, folder in
            let other = try await TestAuthority.make("other", in: folder.path(""))
            for more in [["--ca-file", other.certificate], []] {
                let (verify, append) = try await distrust([server.url] + more)
                for text in [verify, append] { #expect(text.contains("is not trusted")) }
                #expect(verify.contains("--ca-file FILE"))
            }
            let once = try await Command.run(
                "subscribe",
                server.url,
                "--into",
                folder.path("copy.db"),
                "--give-up",
                "1"
            )
            #expect(once.status == 76, "\(once.error)")
            #expect(once.error.contains("is not trusted"))
        }
    }

    @Test func `is not trusted once its certificate has expired`() async throws {
        try await serving(days: -1) { server, authority, _ in
            let (verify, _) = try await distrust([server.url, "--ca-file", authority.certificate])
            #expect(verify.contains("has expired"))
            #expect(server.child.error.contains("server.pem has expired"))
        }
    }

    @Test func `is not trusted with the certificate of another host`() async throws {
        try await serving(for: ["DNS:example.org", "IP:127.0.0.2"]) { server, authority, _ in
            let (verify, _) = try await distrust([server.url, "--ca-file", authority.certificate])
            #expect(verify.contains("is for another host"))
        }
    }

    @Test func `does not speak to whoever speaks no TLS, nor the other way round`() async throws {
        try await serving { server, _, folder in
            let plain = server.url.replacing("https://", with: "http://")
            let asked = try await Command.run("verify", plain, "--patience", "0s")
            #expect(asked.status == 69, "\(asked.error)")
            let other = try await TestServer.start(store: folder.path("other.db"))
            defer { other.child.send(SIGKILL) }
            let secure = other.url.replacing("http://", with: "https://")
            let wrong = try await Command.run("verify", secure, "--patience", "0s")
            #expect(wrong.status == 69, "\(wrong.error)")
            #expect(wrong.error.contains("no TLS is spoken there"))
        }
    }

    @Test func `does not start with files that do not fit`() async throws {
        try await TemporaryFolder.with { folder in
            let authority = try await TestAuthority.make(in: folder.path(""))
            let own = try await authority.issue()
            let other = try await authority.issue("other")
            let encrypted = try await authority.encrypt(own.key)
            let cases: [([String], Int32, String)] = [
                (["--tls-cert", own.certificate], 64, "give both, or neither"),
                (["--tls-key", own.key], 64, "give both, or neither"),
                (["--tls-cert", "/nowhere/c", "--tls-key", own.key], 66, "/nowhere/c cannot be"),
                (["--tls-cert", own.certificate, "--tls-key", "/nowhere/k"], 66, "/nowhere/k"),
                (["--tls-cert", own.key, "--tls-key", own.key], 65, "the certificate cannot be"),
                (["--tls-cert", own.certificate, "--tls-key", other.key], 65, "does not belong"),
                (["--tls-cert", own.certificate, "--tls-key", encrypted], 65, "is encrypted"),
            ]
            for (arguments, status, words) in cases {
                let outcome = try await Child.start(
                    ["serve", "--data", folder.path("store.db"), "--listen", "127.0.0.1:0"]
                        + arguments
                ).outcome()
                #expect(outcome.status == status, "\(arguments) \(outcome.error)")
                #expect(outcome.error.contains(words), "\(arguments) \(outcome.error)")
                #expect(outcome.output.isEmpty)
            }
        }
    }
}

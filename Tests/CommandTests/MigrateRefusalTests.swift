import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A migration refuses` {
    private typealias Event = ScriptedProduct.Event

    /// Runs `body` with a product that has one event, and an empty target.
    private func run(
        _ product: ScriptedProduct = ScriptedProduct(
            version: .twenty,
            events: [Event("a", 0, "{}")]
        ),
        _ body: (ScriptedServer, TestServer, Folder) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            try await ScriptedServer.run(answering: { product.answer($0) }) { source in
                try await body(source, target, folder)
            }
        }
    }

    @Test func `a target that has events of its own, unless it is to copy behind them`()
        async throws
    {
        try await run { source, target, folder in
            let line = try folder.write(Input.lines(1), to: "line")
            _ = try await Command.run("append", target.url, "--ndjson", line)

            let refused = try await Migrated.migrate(source.address, target, folder)
            let copied = try await Migrated.migrate(
                source.address,
                target,
                folder,
                "--after-existing"
            )

            #expect(refused.status == 64)
            #expect(refused.error.contains("--after-existing"))
            #expect(copied.status == 0, "\(copied.error) \(copied.output)")
            #expect(try await Migrated.rows(target.store).count == 2)
        }
    }

    @Test func `another history than the one it began with`() async throws {
        try await run { source, target, folder in
            let first = try await Migrated.migrate(source.address, target, folder)
            let other = try await TestServer.start(store: folder.path("other.db"))
            defer { other.child.send(SIGKILL) }

            let outcome = try await Migrated.migrate(source.address, other, folder)

            #expect(first.status == 0, "\(first.error)")
            #expect(outcome.status == 76)
            #expect(outcome.error.contains("go on with that one"))
            #expect(try await Migrated.rows(other.store).isEmpty)
        }
    }

    @Test func `to share its state with one that runs`() async throws {
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            try await ScriptedServer.run(answering: { _ in [.stall] }) { source in
                let arguments = [
                    "migrate", source.address, target.url, "--state", folder.path("m.state"),
                ]
                try await Child.with(arguments) { _ in
                    try await eventually("a request") { !source.requests.isEmpty }
                    let outcome = try await Migrated.migrate(source.address, target, folder)
                    #expect(outcome.status == 75)
                    #expect(outcome.error.contains("another migration runs"))
                }
            }
        }
    }

    @Test func `a state of another source, and one that is none`() async throws {
        try await run { source, target, folder in
            _ = try await Migrated.migrate(source.address, target, folder)
            let other = try await Migrated.migrate("http://127.0.0.1:9", target, folder)
            _ = try folder.write("{\"form\":", to: "m.state")
            let broken = try await Migrated.migrate(source.address, target, folder)

            #expect(other.status == 64)
            #expect(other.error.contains("is of a migration from \(source.address)"))
            #expect(broken.status == 65)
            #expect(broken.error.contains("is no state of a migration"))
        }
    }

    @Test func `to go on without a login, and never shows the password`() async throws {
        let product = ScriptedProduct(
            version: .five,
            events: [Event("a", 0, "{}")],
            login: "admin:s3cret"
        )
        try await run(product) { source, target, folder in
            let password = try folder.write("s3cret\n", to: "password")

            let refused = try await Migrated.migrate(source.address, target, folder)
            let asked = source.requests.count
            let copied = try await Migrated.migrate(
                source.address,
                target,
                folder,
                "--source-user",
                "admin",
                "--source-password-file",
                password
            )

            #expect(refused.status == 77)
            #expect(asked == 1, "a login that is missing is not asked for again")
            #expect(refused.error.contains("--source-user NAME"))
            #expect(copied.status == 0, "\(copied.error)")
            let said = copied.error + copied.output + (try folder.contents("m.state"))
            #expect(!said.contains("s3cret"))
        }
    }

    @Test func `what is no Event Store`() async throws {
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            for (answer, status) in [
                (ScriptedServer.Step.answer(404), Int32(76)), (.answer(200, text: "<html>"), 76),
                (.answer(406), 76),
            ] {
                try await ScriptedServer.run(answering: { _ in [answer] }) { source in
                    let outcome = try await Migrated.migrate(source.address, target, folder)
                    #expect(outcome.status == status, "\(outcome.error)")
                    #expect(outcome.error.contains("Event Store"))
                }
            }
        }
    }

    @Test func `a source that stays away, after a while`() async throws {
        try await TemporaryFolder.with { folder in
            let target = try await TestServer.start(store: folder.path("store.db"))
            defer { target.child.send(SIGKILL) }
            try await ScriptedServer.run(answering: { _ in [.answer(503)] }) { source in
                let outcome = try await Migrated.migrate(
                    source.address,
                    target,
                    folder,
                    "--patience",
                    "300ms",
                    "--retry-min",
                    "50ms"
                )
                #expect(outcome.status == 69, "\(outcome.error)")
                #expect(source.requests.count > 2)
            }
        }
    }

    @Test func `a stream that cannot be here, until it is left out`() async throws {
        let product = ScriptedProduct(
            version: .five,
            events: [Event("a", 0, "{}"), Event(" b", 0, "{}")]
        )
        try await run(product) { source, target, folder in
            let refused = try await Migrated.migrate(source.address, target, folder)
            let copied = try await Migrated.migrate(
                source.address,
                target,
                folder,
                "--leave-out",
                " b"
            )

            #expect(refused.status == 65)
            #expect(refused.error.contains("--leave-out ' b'"))
            #expect(copied.status == 0, "\(copied.error)")
            #expect(try await Migrated.rows(target.store).count == 1)
        }
    }

    @Test func `to call two sides the same that are not`() async throws {
        try await run { source, target, folder in
            _ = try await Migrated.migrate(source.address, target, folder)
            var changed = ScriptedProduct(version: .twenty, events: [Event("a", 0, "{}")])
            changed.events[0].data = Array("[1]".utf8)
            let line = try folder.write(Input.lines(1), to: "line")
            _ = try await Command.run("append", target.url, "--ndjson", line)

            let outcome = try await Migrated.migrate(
                source.address,
                target,
                folder,
                "--verify-only"
            )

            #expect(outcome.status == 1)
            #expect(outcome.output.contains("the same in source and target: 1 events"))
            #expect(outcome.output.contains("different: event 2 of the target"))
        }
    }
}

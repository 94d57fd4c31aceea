import AccessControl
import EventModel
import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Finding out who asks` {
    private static func basic(_ text: String) -> String {
        "Basic " + Data(text.utf8).base64EncodedString()
    }

    /// A thirty-second of the usual cost.
    private static func cheap() -> PasswordHasher { PasswordHasher(rounds: 512) }

    private static func directory() async throws -> InMemoryUserDirectory {
        let directory = InMemoryUserDirectory()
        try await directory.add("ann", ["$admins"], password: "secret")
        try await directory.add("bob", ["staff"], password: "pa:ss:wörd")
        return directory
    }

    @Test func `believes the right password and nothing else`() async throws {
        let authenticator = Authenticator(try await Self.directory(), hasher: Self.cheap())
        let ann = try await authenticator.authenticate(login: "ann", password: "secret")

        #expect(ann == Caller(login: "ann", groups: ["$admins"]))
        let others = [
            ("ann", "Secret"), ("ann", ""), ("ann", "secret "), ("bob", "secret"), ("", ""),
            ("nobody", "secret"), ("$admins", "secret"), ("Ann", "secret"),
            ("ann", String(repeating: "x", count: 1_000_000)),
        ]
        for (login, password) in others {
            let caller = try await authenticator.authenticate(login: login, password: password)
            #expect(caller == nil, "\(login)")
        }
    }

    @Test func `reads a field of the scheme Basic in UTF-8, with colons in the password`()
        async throws
    {
        let authenticator = Authenticator(try await Self.directory(), hasher: Self.cheap())
        let bob = Authentication.caller(Caller(login: "bob", groups: ["staff"]))
        let right = Data("bob:pa:ss:wörd".utf8).base64EncodedString()

        for field in ["Basic \(right)", "basic  \(right)", "BASIC \(right)"] {
            #expect(try await authenticator.authenticate(authorizationField: field) == bob)
        }
        #expect(try await authenticator.authenticate(authorizationField: nil) == .anonymous)
    }

    @Test func `refuses a field that it cannot read`() async throws {
        let authenticator = Authenticator(try await Self.directory(), hasher: Self.cheap())
        let latin = Data([0x62, 0x6F, 0x62, 0x3A, 0x77, 0xF6]).base64EncodedString()
        let fields = [
            "", " ", "Basic", "Basic ", "Basic ???", "Basic \(latin)", "Bearer abc",
            Self.basic("no colon"), Self.basic("ann:secret") + "=", Self.basic("ann\0:secret"),
            "Negotiate " + Self.basic("ann:secret").dropFirst(6), "Basic \u{FFFD}",
            Self.basic("ann:" + String(repeating: "x", count: 30_000)),
            "Basic " + String(repeating: "A", count: 32_000), "ann:secret",
        ]
        for field in fields {
            let found = try await authenticator.authenticate(authorizationField: field)
            #expect(found == .refused, "\(field.prefix(40))")
        }
    }

    @Test func `hashes a right password once`() async throws {
        let authenticator = Authenticator(try await Self.directory(), hasher: Self.cheap())
        for _ in 0..<50 {
            #expect(try await authenticator.authenticate(login: "ann", password: "secret") != nil)
        }
        #expect(authenticator.hasher.computed == 1)
    }

    @Test func `refuses a password at once that was changed, and a user who was disabled`()
        async throws
    {
        let directory = try await Self.directory()
        let authenticator = Authenticator(directory, hasher: Self.cheap())
        func isBelieved(_ password: String) async throws -> Bool {
            try await authenticator.authenticate(login: "bob", password: password) != nil
        }
        #expect(try await isBelieved("pa:ss:wörd"))

        try directory.setPassword("bob", PasswordHash(of: "new", rounds: 16))
        #expect(try await !isBelieved("pa:ss:wörd"))
        #expect(try await isBelieved("new"))

        try directory.setDisabled("bob", true)
        #expect(try await !isBelieved("new"))
        try directory.setDisabled("bob", false)
        #expect(try await isBelieved("new"))

        try directory.update("bob", fullName: "", groups: ["other"])
        let caller = try await authenticator.authenticate(login: "bob", password: "new")
        #expect(caller == Caller(login: "bob", groups: ["other"]))

        try directory.delete("bob")
        #expect(try await !isBelieved("new"))
        // The same password again is another hash.
        try await directory.add("bob", [], password: "new")
        #expect(try await isBelieved("new"))
    }

    @Test(arguments: ["ann", "nobody", "$x"])
    func `hashes a wrong password once, whether somebody has the login or not`(_ login: String)
        async throws
    {
        let directory = InMemoryUserDirectory()
        try directory.create(
            NewUser(login: "ann", fullName: "", groups: ["$admins"]),
            password: PasswordHash(of: "secret", rounds: 16)
        )
        let hasher = PasswordHasher(rounds: 16)
        let authenticator = Authenticator(directory, hasher: hasher)

        for index in 1...3 {
            let before = hasher.computed
            let caller = try await authenticator.authenticate(login: login, password: "no\(index)")

            #expect(caller == nil)
            #expect(hasher.computed == before + 1)
        }
    }

    @Test func `bounds what a flood of wrong passwords costs`() async throws {
        let authenticator = Authenticator(try await Self.directory(), hasher: Self.cheap())
        let first = try await authenticator.authenticate(login: "ann", password: "secret")
        #expect(first != nil)

        let (refused, busy) = try await withThrowingTaskGroup(of: Bool?.self) { group in
            for index in 0..<2_000 {
                group.addTask {
                    do {
                        let password = "wrong \(index)"
                        let caller = try await authenticator.authenticate(
                            login: index.isMultiple(of: 2) ? "ann" : "nobody",
                            password: password
                        )
                        return caller == nil ? false : nil
                    } catch is PasswordHasher.Busy {
                        return true
                    }
                }
            }
            // Whoever was believed before does not wait behind them.
            let start = ContinuousClock.now
            let ann = try await authenticator.authenticate(login: "ann", password: "secret")
            #expect(ann != nil)
            #expect(ContinuousClock.now - start < .seconds(2))
            var (refused, busy) = (0, 0)
            for try await isBusy in group {
                switch isBusy {
                case true?: busy += 1
                case false?: refused += 1
                case nil: Issue.record("a wrong password was believed")
                }
            }
            return (refused, busy)
        }

        #expect(refused + busy == 2_000)
        #expect(busy > 0)
        #expect(authenticator.hasher.computed == refused + 1)
    }

    @Test func `checks one password once for all who come with it together`() async throws {
        let directory = InMemoryUserDirectory()
        try directory.create(
            NewUser(login: "ann", fullName: "", groups: ["$admins"]),
            password: PasswordHash(of: "secret", rounds: 2_048)
        )
        let authenticator = Authenticator(directory)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await authenticator.authenticate(login: "ann", password: "secret") != nil
                }
            }
            for try await isBelieved in group { #expect(isBelieved) }
        }
        #expect(authenticator.hasher.computed < 10)
    }

    @Test func `ends a wait that is cancelled`() async throws {
        let hasher = PasswordHasher()
        let hash = try PasswordHash(of: "secret", rounds: 4_096)
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    do {
                        _ = try await hasher.matches(hash, "wrong \(index)")
                        return false
                    } catch {
                        return error is CancellationError
                    }
                }
            }
            group.cancelAll()
            var cancelled = 0
            for await isCancelled in group where isCancelled { cancelled += 1 }
            #expect(cancelled >= 30)
        }
        #expect(try await hasher.matches(hash, "secret"))
    }

    @Test func `forgets who has not come for long, and still believes them`() async throws {
        let directory = InMemoryUserDirectory()
        let count = Authenticator.rememberedLogins + 10
        let hash = try PasswordHash(of: "pw", rounds: 16)
        for index in 0..<count {
            let user = try NewUser(login: "user\(index)", fullName: "", groups: ["$admins"])
            try directory.create(user, password: hash)
        }
        let authenticator = Authenticator(directory)
        for index in 0..<count {
            let login = "user\(index)"
            #expect(try await authenticator.authenticate(login: login, password: "pw") != nil)
        }
        let before = authenticator.hasher.computed
        #expect(before == count)
        #expect(
            try await authenticator.authenticate(login: "user\(count - 1)", password: "pw") != nil
        )
        #expect(authenticator.hasher.computed == before)
        #expect(try await authenticator.authenticate(login: "user0", password: "pw") != nil)
        #expect(authenticator.hasher.computed == before + 1)
    }
}

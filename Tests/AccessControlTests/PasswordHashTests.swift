import AccessControl
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Passwords and names` {
    @Test func `are hashed with a salt of their own each time`() throws {
        let (one, other) = (try PasswordHash(of: "pw"), try PasswordHash(of: "pw"))

        #expect(one != other && one.encoded != other.encoded)
        #expect(try one.matches("pw") && other.matches("pw"))
        #expect(try !one.matches("pW"))
        #expect(!one.encoded.contains("pw") && !"\(one)".contains(one.encoded))
        #expect(!String(reflecting: one).contains(one.encoded))
    }

    @Test func `survive being written and read`() throws {
        let hash = try PasswordHash(of: "pässwörd")
        let read = try #require(PasswordHash(encoded: hash.encoded))

        #expect(read == hash)
        #expect(try read.matches("pässwörd"))
    }

    @Test func `are compared byte by byte, and an impossible one is wrong`() throws {
        let hash = try PasswordHash(of: "\u{E9}", rounds: 16)

        #expect(try hash.matches("\u{E9}"))
        for wrong in ["e\u{301}", "", "\0", String(repeating: "a", count: 2_000)] {
            #expect(try !hash.matches(wrong))
        }
    }

    @Test func `cost what is worth an attacker's while to avoid`() throws {
        let clock = ContinuousClock()
        let hash = try PasswordHash(of: "pw")
        let times = try (0..<5).map { _ in try clock.measure { _ = try hash.matches("x") } }

        #expect(try #require(times.min()) > .milliseconds(10))
        #expect(hash.encoded.hasPrefix("scrypt:16384:8:1:"))
    }

    @Test func `are not read where the parameters would cost too much`() throws {
        let salt = String(repeating: "0", count: 32)
        let key = String(repeating: "1", count: 64)
        let right = "scrypt:16384:8:1:\(salt):\(key)"
        #expect(PasswordHash(encoded: right) != nil)
        for wrong in [
            "", "scrypt", "scrypt:16384:8:1:\(salt)", right + ":", "bcrypt" + right.dropFirst(6),
            "scrypt:1073741824:8:1:\(salt):\(key)", "scrypt:16384:1024:1:\(salt):\(key)",
            "scrypt:16384:8:100:\(salt):\(key)", "scrypt:16383:8:1:\(salt):\(key)",
            "scrypt:0:8:1:\(salt):\(key)", "scrypt:-2:8:1:\(salt):\(key)",
            "scrypt:16384:8:1:\(salt)0:\(key)", "scrypt:16384:8:1:\(salt.dropLast(2)):\(key)",
        ] {
            #expect(PasswordHash(encoded: wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        "ann", "Ann O'Neil", "a@b.example", "\u{E9}va", "日本", String(repeating: "x", count: 255),
    ])
    func `of users may be`(_ login: String) throws {
        #expect(try NewUser(login: login, fullName: "", groups: [login]).login == login)
    }

    @Test(arguments: [
        "", " ann", "ann ", "a:b", "a/b", "a\nb", "a\0b", "$admins", "$x", "e\u{301}va", "\u{FFFE}",
        "\u{85}", String(repeating: "x", count: 256),
    ])
    func `of users may not be`(_ login: String) {
        let error = #expect(throws: InvalidUser.self) {
            try NewUser(login: login, fullName: "", groups: [])
        }
        #expect(error?.field == .login)
    }

    @Test func `of groups may begin with $ and are not everybody`() throws {
        #expect(try NewUser(login: "a", fullName: "", groups: ["$ops", "b"]).groups.count == 2)
        for groups in [["$all"], [""], ["a:b"], (0...100).map { "g\($0)" }] {
            #expect(throws: InvalidUser.self) {
                try NewUser(login: "a", fullName: "", groups: groups)
            }
        }
    }

    @Test func `that are refused never show a password`() {
        let secret = String(repeating: "hunter2", count: 200)
        let error = #expect(throws: InvalidUser.self) { try PasswordHash(of: secret) }
        #expect(error?.description.contains("hunter2") == false)
        #expect(throws: InvalidUser.self) { try PasswordHash(of: "") }
    }
}

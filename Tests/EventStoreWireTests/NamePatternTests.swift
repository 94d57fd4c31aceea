import Testing

@testable import EventStoreWire

@Suite struct `A pattern over names` {
    @Test(arguments: [
        ("^order-", "order-1", true), ("^order-", "my-order-1", false),
        ("order", "my-order-1", true),
        ("^(a|bc)+$", "abcbca", true), ("^(a|bc)+$", "abcb", false), ("^[^$].*", "$x", false),
        (#"^[^\$].*"#, "x$", true), (#"\d{2,3}$"#, "a1", false), (#"\d{2,3}$"#, "a123", true),
        ("", "anything", true), ("^$", "", true), ("^a?b*?c+$", "abbcc", true), ("[]a]", "]", true),
        ("[a-c\\-z]", "-", true), ("(?:x)y", "xy", true), ("é+", "éé", true), ("a{0}", "b", true),
        ("a.c", "a\nc", false), ("^\\w+$", "größe_1", true), ("x{", "x{", true),
    ])
    func `matches where the expression does`(_ pattern: String, _ name: String, _ isMatch: Bool)
        throws
    {
        let pattern = try NamePattern(pattern)
        #expect(pattern.matches(name) == isMatch)
    }

    @Test(arguments: [
        "(", ")", "*a", "[a", "[z-a]", "a{3,2}", "a{999}", "(?=a)", "\\1", "\\q", "a\\",
        "((a{200}){200}){200}", String(repeating: "a", count: 513),
        String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40),
    ])
    func `is refused where it is not understood or too large`(_ pattern: String) {
        #expect(throws: InvalidPattern.self) { try NamePattern(pattern) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `takes no long time whatever it is`() throws {
        let name = String(repeating: "a", count: 500) + "!"
        for pattern in ["^(a+)+$", "(a|aa)+$", "(.*.*.*.*)x", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
            let pattern = try NamePattern(pattern)
            #expect(!pattern.matches(name))
        }
    }
}

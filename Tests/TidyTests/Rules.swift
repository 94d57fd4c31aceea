import Testing

/// What the compiler and the formatter cannot forbid.
enum Rules {
    /// A construct that sources must not have, with the files that may and why.
    struct Construct: Sendable, CustomTestStringConvertible {
        let name: String
        let pattern: String
        var allowed: [String: String] = [:]

        var testDescription: String { name }

        func isFound(in line: Substring) throws -> Bool {
            try line.contains(Regex(pattern))
        }
    }

    static let forbidden: [Construct] = [
        Construct(name: "Any", pattern: #"\bAny\b"#),
        Construct(name: "as!", pattern: #"\bas!"#),
        Construct(name: "try!", pattern: #"\btry!"#),
        Construct(name: "an unstructured task", pattern: #"\bTask\s*(<[^>]*>)?\s*[({]"#),
        Construct(name: "a detached task", pattern: #"\bTask\.detached\b"#),
        Construct(name: "a dispatch queue", pattern: #"\bDispatchQueue\b"#),
        Construct(name: "print", pattern: #"(^|[^.\w])print\("#),
        Construct(name: "fatalError", pattern: #"\bfatalError\("#),
        Construct(name: "@unchecked Sendable", pattern: #"@unchecked\b"#),
        Construct(name: "nonisolated(unsafe)", pattern: #"nonisolated\(unsafe\)"#),
    ]

    /// Words that the field uses for something that has a word of its own here.
    static let bannedWords = [
        "manager": "the name of what it does",
        "helper": "the name of what it does",
        "util": "the name of what it does",
        "utils": "the name of what it does",
        "utility": "the name of what it does",
        "cursor": "after, or checkpoint",
        "offset": "number, after, or index",
        "sync": "catch up, or commit",
        "position": "number, version, or place",
        "revision": "version",
    ]

    /// Words that are banned side by side.
    static let bannedPairs = ["sequencenumber"]

    /// Words that a standard or a neighbour uses, with the file where they stand.
    static let exceptions: [String: [String: String]] = [:]

    static func isAllowed(_ word: String, in path: String) -> Bool {
        exceptions[path]?[word] != nil
    }
}

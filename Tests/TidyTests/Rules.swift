import Testing

/// What the compiler and the formatter cannot forbid.
enum Rules {
    /// A construct that sources must not have, with the files that may and why.
    struct Construct: Sendable, CustomTestStringConvertible {
        let name: String
        /// What stands in every line that has it: looked for first, since it is quick.
        let hint: String
        let pattern: String
        var allowed: [String: String] = [:]

        var testDescription: String { name }

        func isFound(in line: Substring) throws -> Bool {
            guard line.contains(hint) else { return false }
            return try line.contains(Regex(pattern))
        }
    }

    static let forbidden: [Construct] = [
        Construct(
            name: "Any",
            hint: "Any",
            pattern: #"\bAny\b"#,
            allowed: [
                "Sources/FeedReading/Documents/FolderReader.swift": "Foundation's file attributes",
                "Sources/FeedServing/Connections/ConnectionHandler.swift": "NIO's handler protocol",
            ]
        ),
        Construct(name: "as!", hint: "as!", pattern: #"\bas!"#),
        Construct(name: "try!", hint: "try!", pattern: #"\btry!"#),
        Construct(
            name: "an unstructured task",
            hint: "Task",
            pattern: #"\bTask\s*(<[^>]*>)?\s*[({]"#
        ),
        Construct(name: "a detached task", hint: "detached", pattern: #"\bTask\.detached\b"#),
        Construct(name: "a dispatch queue", hint: "Dispatch", pattern: #"\bDispatchQueue\b"#),
        Construct(name: "print", hint: "print(", pattern: #"(^|[^.\w])print\("#),
        Construct(name: "fatalError", hint: "fatalError", pattern: #"\bfatalError\("#),
        Construct(name: "@unchecked Sendable", hint: "@unchecked", pattern: #"@unchecked\b"#),
        Construct(name: "nonisolated(unsafe)", hint: "unsafe", pattern: #"nonisolated\(unsafe\)"#),
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
    ]

    /// Words that are banned side by side.
    static let bannedPairs = ["sequencenumber"]

    /// Words that a standard or a neighbour uses, with the file where they stand.
    static let exceptions: [String: [String: String]] = [:]

    static func isAllowed(_ word: String, in path: String) -> Bool {
        exceptions[path]?[word] != nil
    }
}

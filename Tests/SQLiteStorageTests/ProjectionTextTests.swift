import EventModel
import Testing

@testable import SQLiteStorage

@Suite struct `The text of a projection` {
    private static let setup = "-- setup\nCREATE TABLE t (a, b);\n"

    /// A projection with one handler for `list`.
    private static func text(on list: String, _ sql: String = "DELETE FROM t;") -> String {
        "-- projection: p  revision: 1\n\(setup)-- on \(list)\n\(sql)\n"
    }

    @Test(
        arguments: [
            ("A_SUBMITTED", [.exactly(EventType(stored: "A_SUBMITTED"))]),
            (
                "  W_Completeren aanvraag ,B\t",
                [
                    .exactly(EventType(stored: "W_Completeren aanvraag")),
                    .exactly(EventType(stored: "B")),
                ]
            ),
            ("A_*, *, $*", [.prefix("A_"), .prefix(""), .prefix("$")]),
            (
                #""a, b", "say ""hi""", "star*", "pre""fix"*"#,
                [
                    .exactly(EventType(stored: "a, b")),
                    .exactly(EventType(stored: "say \"hi\"")),
                    .exactly(EventType(stored: "star*")),
                    .prefix("pre\"fix"),
                ]
            ),
            ("Aufträge\r", [.exactly(EventType(stored: "Aufträge"))]),
        ] as [(String, [EventFilter.TypePattern])]
    )
    func `reads a list of types`(list: String, expected: [EventFilter.TypePattern]) throws {
        let text = try ProjectionText(Self.text(on: list), file: nil)
        #expect(text.parts.last?.types == expected)
        // The words that stand for the patterns are read as the same patterns.
        let words = expected.map(\.words).joined(separator: ",")
        #expect(try ProjectionText(Self.text(on: words), file: nil).parts.last?.types == expected)
    }

    @Test(arguments: [
        ("", 4, "almost"), ("A,,B", 4, "empty"), ("A,", 4, "empty"), ("\"A", 4, "double quote"),
        ("\"A\" B", 4, "comma"), ("\u{7}", 4, "control"),
        (String(repeating: "x", count: 513), 4, "limit"),
    ])
    func `refuses a list that is none, and says where`(list: String, line: Int, word: String) {
        let error = #expect(throws: InvalidProjection.self) {
            _ = try ProjectionText(Self.text(on: list), file: "f.sql")
        }
        #expect(error?.findings.first?.line == line, "\(String(describing: error))")
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("f.sql:4: ") == true)
    }

    @Test(arguments: [
        ("-- setup\nCREATE TABLE t (a);\n-- on A\nDELETE FROM t;", "no name"),
        ("-- projection: p  revision: 1\n-- on A\nDELETE FROM t;", "no setup"),
        ("-- projection: p  revision: 1\n-- setup\nCREATE TABLE t (a);", "no event"),
        ("-- projection: p\n-- setup\n-- on A\n", "no revision"),
        ("-- projection: p revision: x\n-- setup\n-- on A\n", "whole number"),
        ("-- projection: p revision: 0\n-- setup\n-- on A\n", "whole number"),
        ("-- projection: p revision: 99999999999999999999\n-- setup\n-- on A\n", "whole number"),
        ("-- projection:  revision: 1\n-- setup\n-- on A\n", "1 to 100 characters"),
        ("DELETE FROM t;\n-- projection: p revision: 1\n-- setup\n-- on A\n", "no part"),
        ("-- setup\n-- projection: p revision: 1\n-- on A\n", "comes first"),
        ("-- projection: p revision: 1\n-- setup\n-- setup\n-- on A\n", "setup already"),
        ("-- projection: p revision: 1\n-- setup\n-- on A\n'x", "never ends"),
        ("-- projection: p revision: 1\n-- setup:\n-- on A\n", "almost"),
        ("", "no name"),
    ])
    func `refuses a file without its parts`(text: String, words: String) {
        let error = #expect(throws: InvalidProjection.self) {
            _ = try ProjectionText(text, file: nil)
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `takes a mark in a literal or a comment of several lines for what it is`() throws {
        let sql = """
            INSERT INTO t VALUES ('
            -- on B
            ', 1); /*
            -- setup
            */ DELETE FROM t; -- on C
            """
        let text = try ProjectionText(Self.text(on: "A", sql), file: nil)
        #expect(text.parts.count == 2)
    }

    @Test(arguments: [
        "DELETE FROM t WHERE a=1;", "DELETE  FROM\n\tt WHERE a = 1 ;",
        "/* all */ DELETE FROM t -- some\nWHERE a=1;", "DELETE FROM t WHERE a=1",
        ";;DELETE FROM t WHERE a=1;;",
    ])
    func `means the same whatever its comments and white space are`(sql: String) throws {
        let one = try ProjectionText(Self.text(on: "A, B", "DELETE FROM t WHERE a=1;"), file: nil)
        let other = try ProjectionText(Self.text(on: "A , \"B\"", sql), file: nil)
        #expect(one.statements == other.statements)
    }

    @Test(arguments: [
        "DELETE FROM t WHERE a=2;", "DELETE FROM t WHERE a='1';", "DELETE FROM t WHERE a=' 1';",
        "DELETE FROM t WHERE a=x'1';", "DELETE FROM t WHERE a=x '1';", "DELETE FROM T WHERE a=1;",
        "DELETE FROM t WHERE a=' -- 1';", "DELETE FROM t WHERE a='/* */ 1';",
    ])
    func `means something else with another token`(sql: String) throws {
        let all = [
            "DELETE FROM t WHERE a=1;", "DELETE FROM t WHERE a=2;", "DELETE FROM t WHERE a='1';",
            "DELETE FROM t WHERE a=' 1';", "DELETE FROM t WHERE a=x'1';",
            "DELETE FROM t WHERE a=x '1';", "DELETE FROM T WHERE a=1;",
            "DELETE FROM t WHERE a=' -- 1';", "DELETE FROM t WHERE a='/* */ 1';",
        ]
        let same = try all.filter { other in
            try ProjectionText(Self.text(on: "A", other), file: nil).statements
                == ProjectionText(Self.text(on: "A", sql), file: nil).statements
        }
        #expect(same == [sql])
    }

    @Test func `is cut into tokens that hold every byte`() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "'", "\"", "[", "]", "`", "--", "/*", "*/", "\n", "x'", "a", " ", ";", "é", "$",
        ]
        for _ in 0..<500 {
            let text = (0..<20).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            let bytes = Array(text.utf8)
            var end = 0
            for token in SQLTokenizer(bytes) {
                #expect(token.range.lowerBound == end && !token.range.isEmpty, "\(text)")
                end = token.range.upperBound
            }
            #expect(end == bytes.count, "\(text)")
        }
    }
}

import Testing

@Suite struct `The scanner of these tests` {
    @Test(arguments: [
        ("let a = 1 // print(a)", "let a = 1            "),
        ("/* a /* b */ c */ d", "                  d"),
        (#"f("print(1)")"#, "f(          )"),
        (#"f("\(g("x"))!")"#, "f(   g(   )   )"),
        (##"f(#"a"b"#) + c"##, "f(       ) + c"),
        (#"f("\"") + c"#, "f(    ) + c"),
        ("func `a sentence`()", "func ____________()"),
    ])
    func `sees code and nothing else`(source: String, code: String) {
        #expect(SwiftText(source).text == code)
    }

    @Test func `keeps the lines of long literals`() {
        let text = SwiftText("a(\n\"\"\"\nx \"y\" z\n\"\"\"\n)b")

        #expect(text.lines.map { $0.filter { $0 != " " } } == ["a(", "", "", "", ")b"])
    }

    @Test func `finds names and the words in them`() {
        let found = Declarations(
            SwiftText("struct PageStore { func nextPage(after page: Int, of_all: [Int]) {} }")
        )

        #expect(found.names.map(\.text) == ["PageStore", "nextPage", "after", "page", "of_all"])
        #expect(found.names[0].words == ["page", "store"])
        #expect(found.names[4].words == ["of", "all"])
    }

    @Test func `measures functions`() throws {
        let source = """
            protocol P {
                func a(x: Int)
                var b: Int { get }
            }
            struct S: P {
                func a(x: Int) {
                    if x > 0 {
                        b()
                    }
                }
                init(x: Int, y: (Int, Int), z: @escaping (Int) -> Void) throws {
                }
            }
            """

        let found = Declarations(SwiftText(source)).functions

        #expect(found.map(\.name) == ["a", "init"])
        #expect(found.map(\.lineCount) == [5, 2])
        #expect(found.map(\.parameterCount) == [1, 3])
    }
}

import Testing

@Suite struct `The form of the code` {
    @Test func `keeps files short enough to read at once`() throws {
        for file in try SourceTree.swiftFiles() {
            // A test reads as a list, so it may be longer.
            let limit = file.isTest ? 500 : 400
            #expect(file.lines.count <= limit + 1, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func `keeps lines within 100 columns`() throws {
        for file in try SourceTree.swiftFiles() {
            for (index, line) in file.lines.enumerated() {
                #expect(line.count <= 100, "\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test func `keeps functions within 60 lines and 5 parameters`() throws {
        var count = 0
        for file in try SourceTree.swiftFiles() where !file.isTest {
            for function in Declarations(file.code).functions {
                count += 1
                let place: Comment = "\(file.path):\(function.line) \(function.name)"
                #expect(function.lineCount <= 60, place)
                // An initializer of a value has as many as the value has parts.
                #expect(function.isInitializer || function.parameterCount <= 5, place)
            }
        }

        #expect(count > 100)
    }

    @Test func `uses one word for one thing`() throws {
        var count = 0
        for file in try SourceTree.swiftFiles() {
            for name in Declarations(file.code).names {
                count += 1
                let banned =
                    name.words.filter { Rules.bannedWords.keys.contains($0) }
                    + Rules.bannedPairs.filter { pair in
                        zip(name.words, name.words.dropFirst()).contains { $0 + $1 == pair }
                    }
                for word in banned where !Rules.isAllowed(word, in: file.path) {
                    Issue.record(
                        """
                        \(file.path):\(name.line) \(name.text): not "\(word)" but \
                        \(Rules.bannedWords[word] ?? "number")
                        """
                    )
                }
            }
        }

        #expect(count > 1_000)
    }

    @Test(arguments: Rules.forbidden)
    func `has no forbidden construct outside the list of reasons`(construct: Rules.Construct)
        throws
    {
        for file in try SourceTree.swiftFiles() where !file.isTest {
            guard !construct.allowed.keys.contains(file.path) else { continue }
            for (index, line) in file.code.lines.enumerated() {
                let isFound = try construct.isFound(in: line)
                #expect(!isFound, "\(file.path):\(index + 1) has \(construct.name)")
            }
        }
    }

    @Test(arguments: Rules.forbidden)
    func `allows nothing that is not there any more`(construct: Rules.Construct) throws {
        for path in construct.allowed.keys {
            let lines = try SourceTree.file(path).code.lines

            let isFound = try lines.contains { try construct.isFound(in: $0) }

            #expect(isFound, "\(path) has no \(construct.name): take it off the list")
        }
    }

    @Test func `says what is lost wherever an error is dropped`() throws {
        for file in try SourceTree.swiftFiles() where !file.isTest {
            let lines = file.lines
            for (index, line) in file.code.lines.enumerated()
            where line.contains("try?") {
                let above = lines[max(0, index - 3)...index]
                let isExplained = above.contains { $0.contains("//") }
                #expect(isExplained, "\(file.path):\(index + 1) try? without a comment")
            }
        }
    }

    @Test func `has no leftovers`() throws {
        let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
        for file in try SourceTree.textFiles() {
            for (index, line) in file.lines.enumerated() {
                let words = line.split { !$0.isLetter }
                for marker in markers where words.contains(where: { $0 == marker }) {
                    Issue.record("\(file.path):\(index + 1) has \(marker)")
                }
            }
        }
    }

    @Test func `names no machine`() throws {
        let folders = ["/ho" + "me/", "/Us" + "ers/", "/ro" + "ot/", "/wo" + "rk/", "/mn" + "t/"]
        for file in try SourceTree.textFiles() {
            for (index, line) in file.lines.enumerated() {
                for folder in folders where line.contains(folder) {
                    Issue.record("\(file.path):\(index + 1) names \(folder)")
                }
            }
        }
    }

    @Test func `has a README that is read in one go`() throws {
        #expect(try SourceTree.file("README.md").lines.count <= 150)
    }
}

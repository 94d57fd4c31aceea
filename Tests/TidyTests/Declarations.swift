/// What a file of Swift declares: names, and functions with their size.
struct Declarations {
    struct Name: Hashable {
        let text: String
        let line: Int

        /// The words of a name: `nextPageNumber` is next, page, number.
        var words: [String] {
            var words: [String] = []
            var word = ""
            for character in text {
                if character.isUppercase || character == "_" || character.isNumber {
                    if !word.isEmpty { words.append(word.lowercased()) }
                    word = ""
                }
                if character.isLetter { word.append(character) }
            }
            if !word.isEmpty { words.append(word.lowercased()) }
            return words
        }
    }

    struct Function: Hashable {
        let name: String
        let line: Int
        let lineCount: Int
        let parameterCount: Int
        let isInitializer: Bool
    }

    private(set) var names: [Name] = []
    private(set) var functions: [Function] = []

    private static let nameKeywords: Set<String> = [
        "func", "var", "let", "case", "struct", "class", "enum", "actor", "protocol", "typealias",
        "associatedtype",
    ]

    private let code: [Unicode.Scalar]
    private var place = 0
    private var line = 1

    init(_ text: SwiftText) {
        code = text.code
        while let word = nextWord() {
            if Self.nameKeywords.contains(word.text) { readNames(after: word.text) }
            if word.text == "init", isFollowedByParameters() {
                readFunction(name: "init", line: word.line)
            }
        }
    }

    private mutating func step() {
        if code[place] == "\n" { line += 1 }
        place += 1
    }

    private mutating func skipBlanks() {
        while place < code.count, code[place].properties.isWhitespace { step() }
    }

    /// The next identifier or keyword, whatever stands before it.
    private mutating func nextWord() -> (text: String, line: Int)? {
        while place < code.count, !Self.startsWord(code[place]) { step() }
        guard place < code.count else { return nil }
        let start = line
        return (readWord(), start)
    }

    private mutating func readWord() -> String {
        var word = ""
        while place < code.count, Self.startsWord(code[place]) || Self.isDigit(code[place]) {
            word.unicodeScalars.append(code[place])
            step()
        }
        return word
    }

    private static func startsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private mutating func readNames(after keyword: String) {
        skipBlanks()
        guard place < code.count, Self.startsWord(code[place]) else { return }
        let start = line
        let name = readWord()
        names.append(Name(text: name, line: start))
        if keyword == "func" { readFunction(name: name, line: start) }
    }

    private func isFollowedByParameters() -> Bool {
        var ahead = place
        while ahead < code.count, "?!<".unicodeScalars.contains(code[ahead]) {
            if code[ahead] == "<" { return true }
            ahead += 1
        }
        return ahead < code.count && code[ahead] == "("
    }

    /// Reads parameters and the body; the place afterwards is inside the body, whose declarations
    /// are read like all others.
    private mutating func readFunction(name: String, line start: Int) {
        skip(to: "(")
        let parameters = readParameters()
        var ahead = place
        var depth = 0
        // A body begins at a brace; a requirement of a protocol ends with its line.
        while ahead < code.count, code[ahead] != "{" || depth > 0 {
            if "([".unicodeScalars.contains(code[ahead]) { depth += 1 }
            if ")]".unicodeScalars.contains(code[ahead]) { depth -= 1 }
            if depth < 0 || code[ahead] == "}" { return }
            if startsDeclaration(at: ahead) { return }
            ahead += 1
        }
        guard ahead < code.count else { return }
        var lines = code[place..<ahead].count { $0 == "\n" } + (line - start)
        repeat {
            if code[ahead] == "{" { depth += 1 }
            if code[ahead] == "}" { depth -= 1 }
            if code[ahead] == "\n" { lines += 1 }
            ahead += 1
        } while depth > 0 && ahead < code.count
        functions.append(
            Function(
                name: name,
                line: start,
                lineCount: lines + 1,
                parameterCount: parameters,
                isInitializer: name == "init"
            )
        )
    }

    private func startsDeclaration(at place: Int) -> Bool {
        guard code[place] == "\n" else { return false }
        let rest = code[(place + 1)...].drop { $0 == " " }
        return ["func ", "var ", "let ", "init(", "static ", "mutating "].contains {
            rest.starts(with: $0.unicodeScalars)
        }
    }

    private mutating func skip(to scalar: Unicode.Scalar) {
        while place < code.count, code[place] != scalar { step() }
    }

    /// Reads `(label name: Type, …)` and keeps the names; returns how many there are.
    private mutating func readParameters() -> Int {
        var depth = 0
        var count = 0
        var expectsName = false
        while place < code.count {
            let scalar = code[place]
            if "([{<".unicodeScalars.contains(scalar) {
                depth += 1
                if depth == 1 { expectsName = true }
            }
            if ")]}".unicodeScalars.contains(scalar) || scalar == ">" && code[place - 1] != "-" {
                depth -= 1
            }
            if scalar == ",", depth == 1 { expectsName = true }
            if depth == 0 {
                step()
                return count
            }
            if expectsName, depth == 1, Self.startsWord(scalar) {
                names += readParameterNames()
                count += 1
                expectsName = false
                continue
            }
            step()
        }
        return count
    }

    private mutating func readParameterNames() -> [Name] {
        var found: [Name] = []
        while place < code.count, code[place] != ":" {
            skipBlanks()
            guard place < code.count, Self.startsWord(code[place]) else { break }
            let start = line
            found.append(Name(text: readWord(), line: start))
        }
        return found
    }
}

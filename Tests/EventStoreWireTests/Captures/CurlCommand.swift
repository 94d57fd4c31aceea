/// Reads the curl commands that requests were captured as.
enum CurlCommand {
    /// A command that this reader does not know.
    struct Unknown: Error {
        let word: String
    }

    /// Where the command names the server.
    private static let base = "$BASE"

    /// The request that curl sends.
    ///
    /// - Parameters:
    ///   - command: The command, with the escapes of a shell.
    ///   - file: What stands in a file that the command sends.
    /// - Returns: The request, with the fields that curl adds where answers depend on them.
    /// - Throws: ``Unknown``.
    static func request(_ command: String, file: [UInt8]) throws(Unknown) -> PlainRequest {
        var words = words(of: command)[...]
        guard words.popFirst() == "curl" else { throw Unknown(word: command) }
        var request = PlainRequest("GET", "")
        var fields = [PlainField.accept("*/*")]
        var method: String?
        while let word = words.popFirst() {
            switch word {
            case "-i": continue
            case "-I": method = "HEAD"
            case "-X": method = words.popFirst()
            case "-u": fields.set(try login(words.popFirst()))
            case "-H": fields.set(try field(words.popFirst()))
            case "-d", "--data-binary":
                guard let data = words.popFirst() else { throw Unknown(word: word) }
                request.method = "POST"
                request.body = data.hasPrefix("@") ? file : Array(data.utf8)
            default:
                guard word.hasPrefix(base) else { throw Unknown(word: word) }
                request.target = String(word.dropFirst(base.count))
            }
        }
        request.method = method ?? request.method
        request.fields = fields.filter { !$0.value.isEmpty }
        return request
    }

    /// The words of a command, in which a backslash keeps the character that follows it.
    private static func words(of command: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isKept = false
        for character in command {
            if isKept {
                word.append(character)
                isKept = false
            } else if character == "\\" {
                isKept = true
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func field(_ word: String?) throws(Unknown) -> PlainField {
        guard let word, let colon = word.firstIndex(of: ":") else {
            throw Unknown(word: word ?? "-H")
        }
        let value = word[word.index(after: colon)...].drop { $0 == " " }
        return PlainField(String(word[..<colon]), String(value))
    }

    private static func login(_ word: String?) throws(Unknown) -> PlainField {
        guard let word, let colon = word.firstIndex(of: ":") else {
            throw Unknown(word: word ?? "-u")
        }
        return .login(String(word[..<colon]), String(word[word.index(after: colon)...]))
    }
}

extension [PlainField] {
    /// Replaces a field; one without a value is one that curl must not send.
    fileprivate mutating func set(_ field: PlainField) {
        removeAll { $0.name.lowercased() == field.name.lowercased() }
        append(field)
    }
}

/// Names and passwords by host, as `curl` and `ftp` keep them in `~/.netrc`.
///
/// `machine HOST` or, for all others, `default`, then `login NAME` and `password TEXT`, parted by
/// any white space. A value in quotes may hold white space, and `\"`, `\\`, `\n`, `\r` and `\t`. A
/// line that begins with `#`, `account TEXT`, `port NUMBER`, `protocol NAME` and macros (`macdef`,
/// up to an empty line) are read over.
struct Netrc: Sendable {
    private struct Entry: Sendable {
        /// The host in lower case; nil for `default`.
        var host: String?
        var login: String?
        var password: String?
    }

    private var entries: [Entry] = []

    /// One without entries.
    init() {}

    /// Reads the contents of a file.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - path: The path, for messages.
    /// - Throws: ``CommandError`` (`dataError`) with the number of the line, never its contents.
    init(_ bytes: [UInt8], path: String) throws(CommandError) {
        var words = Words(bytes: bytes[...], path: path)
        while let word = try words.next() {
            switch word {
            case "machine": entries.append(Entry(host: try words.value(of: word).lowercased()))
            case "default": entries.append(Entry())
            case "login":
                let login = try words.value(of: word)
                if !entries.isEmpty { entries[entries.count - 1].login = login }
            case "password":
                let password = try words.value(of: word)
                if !entries.isEmpty { entries[entries.count - 1].password = password }
            case "account", "port", "protocol": _ = try words.value(of: word)
            case "macdef": words.skipMacro()
            default: throw words.error("there is a word that is none of .netrc's")
            }
        }
    }

    /// Whether there is any password.
    var hasPasswords: Bool { entries.contains { $0.password != nil } }

    /// Looks a host up.
    ///
    /// - Parameters:
    ///   - host: The host, in any case.
    ///   - user: Whose password is wanted; nil for the first user that the host has.
    /// - Returns: The first entry that fits and is complete; nil where there is none.
    func login(at host: String, user: String?) -> (user: String, password: String)? {
        let wanted = host.lowercased()
        for entry in entries where entry.host == nil || entry.host == wanted {
            guard let password = entry.password else { continue }
            if let user {
                guard entry.login.map({ $0.utf8.elementsEqual(user.utf8) }) ?? true else {
                    continue
                }
                return (user, password)
            }
            if let login = entry.login { return (login, password) }
        }
        return nil
    }
}

/// Cuts a `.netrc` into words.
private struct Words {
    var bytes: ArraySlice<UInt8>
    let path: String
    private var line = 1
    private var isAtLineStart = true

    init(bytes: ArraySlice<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    func error(_ text: String) -> CommandError {
        CommandError(.dataError, "\(path), line \(line): \(text)")
    }

    /// The word that belongs to a keyword.
    mutating func value(of keyword: String) throws(CommandError) -> String {
        guard let value = try next(isValue: true) else {
            throw error("nothing follows \(keyword)")
        }
        return value
    }

    mutating func next(isValue: Bool = false) throws(CommandError) -> String? {
        while let byte = bytes.first {
            if byte == UInt8(ascii: "#"), isAtLineStart, !isValue {
                bytes = bytes.drop { $0 != UInt8(ascii: "\n") }
            } else if Self.isSpace(byte) {
                take()
            } else {
                isAtLineStart = false
                return byte == UInt8(ascii: "\"") ? try quoted() : try plain()
            }
        }
        return nil
    }

    /// Leaves out everything up to an empty line.
    mutating func skipMacro() {
        var isEmptyLine = false
        while let byte = bytes.first {
            take()
            guard byte != UInt8(ascii: "\r") else { continue }
            if byte == UInt8(ascii: "\n"), isEmptyLine { return }
            isEmptyLine = byte == UInt8(ascii: "\n")
        }
    }

    private mutating func take() {
        guard let byte = bytes.popFirst(), byte == UInt8(ascii: "\n") else { return }
        line += 1
        isAtLineStart = true
    }

    private mutating func plain() throws(CommandError) -> String {
        let word = bytes.prefix { !Self.isSpace($0) }
        bytes = bytes[word.endIndex...]
        return try text(word)
    }

    private mutating func quoted() throws(CommandError) -> String {
        let beginning = self
        var word: [UInt8] = []
        take()
        while let byte = bytes.first {
            take()
            switch byte {
            case UInt8(ascii: "\""): return try text(word[...])
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.first else { break }
                take()
                word.append(Self.escapes[escaped] ?? escaped)
            default: word.append(byte)
            }
        }
        throw beginning.error("a quotation mark is never closed")
    }

    private func text(_ word: ArraySlice<UInt8>) throws(CommandError) -> String {
        guard let text = String(validating: word, as: UTF8.self) else {
            throw error("a word is not UTF-8")
        }
        return text
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

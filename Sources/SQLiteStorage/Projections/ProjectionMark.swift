import EventModel

/// A comment line that begins a part of a projection file.
enum ProjectionMark: Hashable {
    /// `-- projection: NAME  revision: N`
    case header(name: String, revision: Int64)
    /// `-- setup`
    case setup
    /// `-- on LIST`
    case on([EventFilter.TypePattern])
    /// A mark that was meant, with what to write instead.
    case wrong(String)

    /// Reads a comment that stands on a line of its own; nil where it is no mark.
    init?(comment: String) {
        let text = comment.dropFirst(2).trimmed
        if text.asciiLowercased == "setup" {
            self = .setup
        } else if let rest = text.removing(keyword: "projection:") {
            self = Self.header(rest)
        } else if let rest = text.removing(keyword: "on ") ?? text.removing(keyword: "on\t") {
            self = Self.list(rest)
        } else if text.removing(keyword: "on:") != nil
            || ["on", "setup:", "setup;", "projection"].contains(text.asciiLowercased)
        {
            self = .wrong(
                "-- \(text) is almost the beginning of a part: write -- setup, -- on TYPE, or "
                    + "-- projection: NAME  revision: 1"
            )
        } else {
            return nil
        }
    }

    private static func header(_ text: Substring) -> ProjectionMark {
        let form = "write -- projection: NAME  revision: 1"
        guard let keyword = text.ranges(of: "revision:").last else {
            return .wrong("the projection has no revision: \(form)")
        }
        let name = text[..<keyword.lowerBound].trimmed
        let digits = text[keyword.upperBound...].trimmed
        guard !name.isEmpty, name.count <= ProjectionText.nameCharacters,
            !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else {
            return .wrong(
                "the projection's name has to have 1 to \(ProjectionText.nameCharacters) "
                    + "characters: \(form)"
            )
        }
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let revision = Int64(digits),
            revision >= 1
        else {
            return .wrong("the revision \"\(digits)\" is no whole number from 1 on: \(form)")
        }
        return .header(name: String(name), revision: revision)
    }

    /// Reads types that are separated by commas.
    private static func list(_ text: Substring) -> ProjectionMark {
        var patterns: [EventFilter.TypePattern] = []
        var rest = text.utf8[...]
        while true {
            do throws(InvalidItem) {
                let (pattern, left) = try item(rest)
                patterns.append(pattern)
                guard let left else { return .on(patterns) }
                rest = left
            } catch {
                return .wrong("-- on \(text): \(error.reason)")
            }
        }
    }

    /// An item of a list that is none.
    private struct InvalidItem: Error {
        let reason: String
    }

    /// Reads one item, and what is left behind the comma after it; nil where that was the last.
    private static func item(_ text: Substring.UTF8View)
        throws(InvalidItem) -> (EventFilter.TypePattern, Substring.UTF8View?)
    {
        let text = text.drop(while: SQLTokenizer.isSpace)
        let comma = UInt8(ascii: ",")
        guard text.first == UInt8(ascii: "\"") else {
            let item = Substring(text.prefix { $0 != comma }).trimmed
            let left = text.contains(comma) ? text.drop { $0 != comma }.dropFirst() : nil
            guard item.hasSuffix("*") else { return (try exactly(String(item)), left) }
            return (try prefix(String(item.dropLast())), left)
        }
        var name: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\"") else {
                name.append(byte)
                continue
            }
            guard rest.first == byte else {
                return try quoted(String(decoding: name, as: UTF8.self), rest)
            }
            name.append(byte)
            rest = rest.dropFirst()
        }
        throw InvalidItem(reason: "a double quote is missing at the end of a type")
    }

    /// What follows a type in quotes: nothing, a star, a comma.
    private static func quoted(_ name: String, _ rest: Substring.UTF8View)
        throws(InvalidItem) -> (EventFilter.TypePattern, Substring.UTF8View?)
    {
        var rest = rest
        let isPrefix = rest.first == UInt8(ascii: "*")
        if isPrefix { rest = rest.dropFirst() }
        rest = rest.drop(while: SQLTokenizer.isSpace)
        let pattern = isPrefix ? try prefix(name) : try exactly(name)
        guard let next = rest.first else { return (pattern, nil) }
        guard next == UInt8(ascii: ",") else {
            throw InvalidItem(reason: "write a comma after \"\(name)\"")
        }
        return (pattern, rest.dropFirst())
    }

    private static func exactly(_ name: String) throws(InvalidItem) -> EventFilter.TypePattern {
        do throws(InvalidName) {
            return .exactly(try EventType(name))
        } catch {
            throw InvalidItem(reason: "\(error)")
        }
    }

    private static func prefix(_ prefix: String) throws(InvalidItem) -> EventFilter.TypePattern {
        guard prefix.utf8.count <= Limits.nameBytes else {
            throw InvalidItem(reason: "a prefix has at most \(Limits.nameBytes) bytes")
        }
        return .prefix(prefix)
    }
}

extension StringProtocol {
    fileprivate var asciiLowercased: String {
        String(decoding: utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }
}

extension Substring {
    /// The text without white space at both ends; a carriage return is white space too.
    fileprivate var trimmed: Substring {
        var bytes = utf8[...]
        bytes = bytes.drop(while: SQLTokenizer.isSpace)
        while let last = bytes.last, SQLTokenizer.isSpace(last) { bytes = bytes.dropLast() }
        return Substring(bytes)
    }

    /// What follows a keyword, in whatever case it is written; nil where it is not there.
    fileprivate func removing(keyword: String) -> Substring? {
        guard prefix(keyword.count).asciiLowercased == keyword else { return nil }
        return dropFirst(keyword.count).trimmed
    }
}

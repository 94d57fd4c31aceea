package import EventModel

/// How a filter is kept with a checkpoint: readable, and the same text for the same filter.
extension EventFilter {
    /// One line for each thing wanted, sorted, without duplicates; empty for everything.
    ///
    /// Names have no control characters, so a line end always separates.
    package var lines: String {
        let lines =
            categories.map { "category \($0.text)" }
            + streams.map { "stream \($0.text)" }
            + types.map { pattern in
                switch pattern {
                case .exactly(let type): "type \(type.text)"
                case .prefix(let prefix): "type-prefix \(prefix)"
                }
            }
        // By bytes: two names may be canonically equivalent and still be two names.
        let distinct = Set(lines.map { Array($0.utf8) })
        return distinct.sorted { $0.lexicographicallyPrecedes($1) }
            .map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: "\n")
    }

    /// Reads what ``lines`` wrote.
    ///
    /// - Parameter text: The lines; nil for any other text.
    package init?(lines text: String) {
        self.init()
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let word = line.prefix { $0 != UInt8(ascii: " ") }
            let value = String(decoding: line.dropFirst(word.count + 1), as: UTF8.self)
            switch String(decoding: word, as: UTF8.self) {
            case "category": categories.append(StreamCategory(stored: value))
            case "stream": streams.append(StreamName(stored: value))
            case "type": types.append(.exactly(EventType(stored: value)))
            case "type-prefix": types.append(.prefix(value))
            default: return nil
            }
        }
    }
}

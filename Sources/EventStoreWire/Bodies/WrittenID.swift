import EventModel

/// Reads ids in the spellings that .NET takes: with or without dashes, in braces or parentheses.
enum WrittenID {
    /// The id that .NET takes for none.
    static let zero = EventID(UUIDBytes(high: 0, low: 0))

    /// The id that a text spells; nil where it spells none.
    static func parse(_ text: [UInt8]) -> EventID? {
        var rest = text[...]
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        let isEnclosed =
            rest.count == 38
            && (rest.first == UInt8(ascii: "{") && rest.last == UInt8(ascii: "}")
                || rest.first == UInt8(ascii: "(") && rest.last == UInt8(ascii: ")"))
        if isEnclosed { rest = rest.dropFirst().dropLast() }
        let spelling = String(decoding: rest, as: UTF8.self)
        switch rest.count {
        case 36: return EventID(spelling)
        case 32: return Hex.bytes(of: spelling).flatMap { UUIDBytes(bytes: $0) }.map(EventID.init)
        default: return nil
        }
    }
}

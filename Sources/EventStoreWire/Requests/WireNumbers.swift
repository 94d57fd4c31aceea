import EventModel

/// The numbers in addresses, checked.
enum WireNumbers {
    /// The most events that a page may have.
    static let pageEvents = Int64(Limits.streamReadEvents)

    /// The number of an event, or nil for `head`.
    static func event(_ text: String) throws -> Int64? {
        if text == "head" { return nil }
        return try number(text)
    }

    /// The number of an event.
    static func number(_ text: String) throws -> Int64 {
        guard let number = Int64(digits: text) else {
            throw WireRefusal.invalid("'\(text)' is not valid event number")
        }
        return number
    }

    /// The count of a page of a stream.
    static func count(_ text: String) throws -> Int64 {
        guard let count = Int64(digits: text), count > 0 else {
            throw WireRefusal.invalid("'\(text)' is not valid count. Should be positive integer")
        }
        return try bounded(count)
    }

    /// The count of a page of everything.
    static func countOfAll(_ text: String) throws -> Int64 {
        guard let count = Int64(digits: text), count > 0 else {
            throw WireRefusal.invalid("Invalid count argument: \(text)")
        }
        return try bounded(count)
    }

    /// A place in everything, or nil for `head`: two numbers of 16 hexadecimal digits each, of
    /// which the first counts the events before it.
    static func place(_ text: String) throws -> EventNumber? {
        if text == "head" { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count == 32, let high = UInt64(hex: bytes[..<16]),
            UInt64(hex: bytes[16...]) != nil
        else { throw WireRefusal.invalid("Invalid position argument: \(text)") }
        // All ones is the product's word for the end.
        return EventNumber(high > UInt64(Int64.max) ? .max : Int64(high))
    }

    /// A place as it stands in addresses.
    static func text(of place: EventNumber) -> String {
        let digits = String(place.rawValue, radix: 16, uppercase: true)
        let half = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return half + half
    }

    private static func bounded(_ count: Int64) throws -> Int64 {
        guard count <= pageEvents else {
            throw WireRefusal(
                status: 500,
                reason: "Read size too big, should be less than \(pageEvents) items"
            )
        }
        return count
    }
}

extension Int64 {
    /// A number of digits alone, with leading zeros where they like.
    fileprivate init?(digits text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int64(text)
        else { return nil }
        self = value
    }
}

extension UInt64 {
    /// 16 hexadecimal digits.
    fileprivate init?(hex digits: ArraySlice<UInt8>) {
        var value: UInt64 = 0
        for digit in digits {
            guard let part = Hex.value(of: digit) else { return nil }
            value = value << 4 | UInt64(part)
        }
        self = value
    }
}

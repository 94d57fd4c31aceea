import EventModel

/// What documents append to bytes; no text is made on the way, since a page has hundreds of these.
extension [UInt8] {
    /// Appends text that is part of the program.
    @inline(__always)
    mutating func add(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    /// Appends the UTF-8 bytes of a text as they are.
    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends a number in decimal.
    mutating func add(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        var divisor: UInt64 = 1
        while magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends an id in lower case with dashes.
    mutating func add(_ id: EventID) {
        let uuid = id.uuid
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 {
                append(UInt8(ascii: "-"))
            }
            let half = place < 16 ? uuid.high : uuid.low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (place % 16))) & 0xF
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// Appends a time as the product writes it: zeros at the end of the fraction are left out, and
    /// no time is the first instant of year 1.
    mutating func add(_ instant: Timestamp?) {
        guard let instant else { return add("0001-01-01T00:00:00Z") }
        let text = instant.rfc3339
        var end = text.count - 1
        while text[end - 1] == UInt8(ascii: "0") { end -= 1 }
        if text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        append(contentsOf: text[..<end])
        append(UInt8(ascii: "Z"))
    }
}

/// Whether two texts have the same bytes, which `==` does not say of texts.
func haveSameBytes(_ one: String, _ other: String) -> Bool {
    var (one, other) = (one, other)
    return one.withUTF8 { one in
        other.withUTF8 { other in one.count == other.count && one.elementsEqual(other) }
    }
}

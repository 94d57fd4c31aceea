#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An instant in microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970; negative before.
    public let microseconds: Int64

    /// The instants that four-digit years can write: years 0001 to 9999.
    public static let range: ClosedRange<Timestamp> =
        Timestamp(
            microseconds: -62_135_596_800_000_000
        )...Timestamp(microseconds: 253_402_300_799_999_999)

    /// Wraps a count of microseconds since 1970.
    ///
    /// - Parameter microseconds: Any value; only those in ``range`` have an RFC 3339 form.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads the system's clock, which may jump in either direction.
    ///
    /// - Returns: The clock's reading, cut to microseconds.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        )
    }

    /// The time from `other` to this instant; negative where this one is earlier.
    ///
    /// - Parameter other: The earlier instant.
    /// - Returns: The distance, exact to the microsecond.
    public func duration(since other: Timestamp) -> Duration {
        // Subtracted as durations, whose range is larger than that of two Int64 apart.
        .microseconds(microseconds) - .microseconds(other.microseconds)
    }

    /// RFC 3339 in UTC with six decimals and `Z`: `2026-03-01T09:30:00.000000Z`.
    ///
    /// An instant outside ``range`` is shown as the nearest one inside it.
    public var description: String { String(decoding: rfc3339, as: UTF8.self) }

    /// Orders by time.
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.microseconds < rhs.microseconds
    }
}

extension Timestamp {
    private static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The 27 ASCII bytes of ``description``.
    package var rfc3339: [UInt8] {
        let clamped = min(max(self, Self.range.lowerBound), Self.range.upperBound).microseconds
        // Division of integers rounds towards zero; before 1970 the day began earlier.
        var rest = clamped % Self.microsecondsPerDay
        if rest < 0 { rest += Self.microsecondsPerDay }
        let date = CivilDate(daysSince1970: (clamped - rest) / Self.microsecondsPerDay)
        var text: [UInt8] = []
        text.reserveCapacity(27)
        Self.append(date.year, width: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.month, width: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.day, width: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.append(rest / 3_600_000_000, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(rest / 60_000_000 % 60, width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(rest / 1_000_000 % 60, width: 2, to: &text)
        text.append(UInt8(ascii: "."))
        Self.append(rest % 1_000_000, width: 6, to: &text)
        text.append(UInt8(ascii: "Z"))
        return text
    }

    private static func append(_ value: Int64, width: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    /// Reads an RFC 3339 `date-time`: any offset, `T`, `t` or a space, any count of decimals (those
    /// after the sixth are cut), a leap second as the second before it.
    ///
    /// - Parameter text: The whole text; returns nil where it is no date-time.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(Array(String(text).utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
            reader.take("-"), let day = reader.number(2), year >= 1, (1...12).contains(month),
            (1...CivilDate.days(inMonth: month, of: year)).contains(day),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
            reader.take(":"), let second = reader.number(2), hour <= 23, minute <= 59, second <= 60,
            let fraction = reader.fraction(), let zone = reader.zone(), reader.isAtEnd
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        let seconds = hour * 3_600 + minute * 60 + min(second, 59) - zone
        self.init(
            microseconds: days * Self.microsecondsPerDay + seconds * 1_000_000 + fraction
        )
        guard Self.range.contains(self) else { return nil }
    }
}

/// Reads fixed-width digits from ASCII.
private struct DigitReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard bytes.count >= width else { return nil }
        var value: Int64 = 0
        for byte in bytes.prefix(width) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        bytes.removeFirst(width)
        return value
    }

    /// Microseconds after the point; 0 where there is no point.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var digits = 0
        while let digit = number(1) {
            if digits < 6 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// Seconds east of UTC.
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") {
            sign = 1
        } else if take("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(2), take(":"), let minutes = number(2), hours <= 23, minutes <= 59
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}

/// A day of the proleptic Gregorian calendar, by arithmetic alone.
private struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Counts in eras of 400 years (146,097 days) that begin on 1 March, so that the leap day is
    /// the last of its year.
    init(daysSince1970: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

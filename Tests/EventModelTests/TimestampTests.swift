import EventModel
import Testing

@Suite struct `A timestamp` {
    /// Microseconds from Python's `datetime`.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (-86_400_000_000, "1969-12-31T00:00:00.000000Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (-2_203_977_600_000_000, "1900-02-28T00:00:00.000000Z"),
            (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (-11_670_998_400_000_000, "1600-02-29T00:00:00.000000Z"),
            (1_772_357_400_000_000, "2026-03-01T09:30:00.000000Z"),
            (482_196_050_520_000, "1985-04-12T23:20:50.520000Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)]
    )
    func `is written and read in RFC 3339 form`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    /// The first three are the examples of RFC 3339 section 5.8.
    @Test(arguments: [
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000000Z"),
        ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870000Z"),
        ("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59.000000Z"),
        ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.500000Z"),
        ("2026-03-01t09:30:00z", "2026-03-01T09:30:00.000000Z"),
        ("2026-03-01 09:30:00Z", "2026-03-01T09:30:00.000000Z"),
        ("2026-03-01T09:30:00.1Z", "2026-03-01T09:30:00.100000Z"),
        ("2026-03-01T09:30:00.123456999Z", "2026-03-01T09:30:00.123456Z"),
        ("2026-03-01T09:30:00.00000000000000000000001Z", "2026-03-01T09:30:00.000000Z"),
        ("2026-02-28T23:59:59-23:59", "2026-03-01T23:58:59.000000Z"),
        ("2024-03-01T00:00:00+00:01", "2024-02-29T23:59:00.000000Z"),
        ("2026-03-01T09:30:00-00:00", "2026-03-01T09:30:00.000000Z"),
    ])
    func `is read from every form that RFC 3339 allows`(text: String, canonical: String) {
        #expect(Timestamp(rfc3339: text)?.description == canonical)
    }

    @Test(arguments: [
        "", "2026", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01T09:30Z",
        "2026-13-01T09:30:00Z", "2026-00-01T09:30:00Z", "2026-03-00T09:30:00Z",
        "2026-03-32T09:30:00Z", "2026-04-31T09:30:00Z", "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-03-01T24:00:00Z",
        "2026-03-01T09:60:00Z", "2026-03-01T09:30:61Z", "2026-03-01T09:30:00.Z",
        "2026-03-01T09:30:00,5Z", "2026-03-01T09:30:00+24:00", "2026-03-01T09:30:00+00:60",
        "2026-03-01T09:30:00+0100", "2026-03-01T09:30:00 +01:00", "2026-03-01T09:30:00Z ",
        " 2026-03-01T09:30:00Z", "0000-01-01T00:00:00Z", "26-03-01T09:30:00Z",
        "-2026-03-01T09:30:00Z", "+2026-03-01T09:30:00Z", "12026-03-01T09:30:00Z",
        "2026-3-1T09:30:00Z", "2026-03-01T9:30:00Z", "2026-03-01T09:30:00ZZ",
        "\u{662}026-03-01T09:30:00Z", "2026-03-01T09:30:00.\u{661}Z", "now",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func `is not read from anything else`(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `is exact on every day of four centuries`() throws {
        // 146,097 days are one cycle of the calendar, leap centuries included.
        var microseconds = Timestamp(rfc3339: "1800-01-01T00:00:00Z")?.microseconds ?? 0
        var (year, month, day) = (1800, 1, 1)
        for _ in 0..<146_097 {
            let text = Timestamp(microseconds: microseconds).description
            let expected = [pad(year, 4), pad(month, 2), pad(day, 2)].joined(separator: "-")
            try #require(text == expected + "T00:00:00.000000Z")
            try #require(Timestamp(rfc3339: text)?.microseconds == microseconds)
            microseconds += 86_400_000_000
            day += 1
            if day > days(in: month, of: year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(year == 2200)
    }

    @Test func `beyond four-digit years is shown as the nearest that can be written`() {
        #expect(Timestamp(microseconds: .max).description == "9999-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: .min).description == "0001-01-01T00:00:00.000000Z")
    }

    @Test func `measures distances without overflow`() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))

        #expect(last.duration(since: first) > .zero)
        #expect(first.duration(since: last) < .zero)
        #expect(
            Timestamp(microseconds: 5).duration(since: Timestamp(microseconds: 7))
                == .microseconds(-2)
        )
    }

    @Test func `of now lies between two readings`() {
        let before = Timestamp.now()
        let now = Timestamp.now()

        #expect(before <= now)
        #expect(Timestamp.range.contains(now))
        #expect(now.description > "2025")
    }

    private func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    private func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2:
            year.isMultiple(of: 400) || year.isMultiple(of: 4) && !year.isMultiple(of: 100)
                ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

@Suite struct `The clock that events are recorded with` {
    @Test(
        arguments: [
            (now: 100, newest: nil, recordedAt: 100),
            (now: 100, newest: 99, recordedAt: 100),
            (now: 100, newest: 100, recordedAt: 100),
            (now: 100, newest: 101, recordedAt: 101),
            (now: .min, newest: nil, recordedAt: -62_135_596_800_000_000),
            (now: .max, newest: 5, recordedAt: 253_402_300_799_999_999),
        ] as [(now: Int64, newest: Int64?, recordedAt: Int64)]
    )
    func `never goes backwards nor leaves the range`(
        now: Int64,
        newest: Int64?,
        recordedAt: Int64
    ) {
        let clock = RecordingClock { Timestamp(microseconds: now) }

        let instant = clock.instant(after: newest.map { Timestamp(microseconds: $0) })

        #expect(instant.microseconds == recordedAt)
    }

    @Test func `says how far the newest event is ahead of it`() {
        let clock = RecordingClock { Timestamp(microseconds: 100) }

        #expect(clock.lead(of: nil) == .zero)
        #expect(clock.lead(of: Timestamp(microseconds: 130)) == .microseconds(30))
        #expect(clock.lead(of: Timestamp(microseconds: 70)) == .microseconds(-30))
        let broken = RecordingClock { Timestamp(microseconds: .min) }
        #expect(broken.lead(of: Timestamp.range.upperBound) > .seconds(60))
    }
}

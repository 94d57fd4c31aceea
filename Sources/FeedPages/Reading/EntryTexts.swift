import EventModel

/// What the entry of a document says about an event, as text, turned into checked values.
struct EntryTexts {
    /// The event's number, once it is known, for errors.
    private(set) var number: Int64?

    mutating func eventNumber(_ text: some Collection<UInt8>, _ field: String)
        throws(FeedFormatError) -> EventNumber
    {
        guard let value = Decimal.number(text), value > 0 else {
            throw invalid(field, text, "a number from 1 on")
        }
        number = value
        return EventNumber(value)
    }

    func version(_ text: some Collection<UInt8>, _ field: String) throws(FeedFormatError)
        -> StreamVersion
    {
        guard let value = Decimal.number(text), value > 0 else {
            throw invalid(field, text, "a count from 1 on")
        }
        return StreamVersion(value)
    }

    /// An instant in microseconds.
    func microseconds(_ text: some Collection<UInt8>, _ field: String) throws(FeedFormatError)
        -> Timestamp
    {
        guard let value = Decimal.number(text), value <= Timestamp.range.upperBound.microseconds
        else { throw invalid(field, text, "microseconds since 1970") }
        return Timestamp(microseconds: value)
    }

    /// An instant in the one form that the wire has.
    func instant(_ text: String, _ field: String) throws(FeedFormatError) -> Timestamp {
        guard let instant = Timestamp(rfc3339: text), instant.microseconds >= 0,
            instant.rfc3339.elementsEqual(text.utf8)
        else { throw invalid(field, text.utf8, "an instant like 2026-03-01T09:30:00.000000Z") }
        return instant
    }

    func stream(_ text: String, _ field: String) throws(FeedFormatError) -> StreamName {
        do throws(InvalidName) {
            return try StreamName(text)
        } catch {
            throw invalid(field, text.utf8, error.description)
        }
    }

    func type(_ text: String, _ field: String) throws(FeedFormatError) -> EventType {
        do throws(InvalidName) {
            return try EventType(text)
        } catch {
            throw invalid(field, text.utf8, error.description)
        }
    }

    func mediaType(_ text: String, _ field: String) throws(FeedFormatError) -> MediaType {
        if text == "application/json" { return .json }
        do throws(InvalidName) {
            return try MediaType(text)
        } catch {
            throw invalid(field, text.utf8, error.description)
        }
    }

    func outOfLine(
        _ reference: String,
        _ mediaType: MediaType,
        length: some Collection<UInt8>,
        digest: String
    ) throws(FeedFormatError) -> OutOfLineValue {
        guard let length = Decimal.number(length).flatMap({ Int(exactly: $0) }) else {
            throw invalid("length", length, "a count of bytes")
        }
        guard let digest = PayloadDigest(hex: digest) else {
            throw invalid("digest", digest.utf8, "64 hexadecimal digits")
        }
        return OutOfLineValue(
            reference: reference,
            mediaType: mediaType,
            length: length,
            digest: digest
        )
    }

    func missing(_ field: String) -> FeedFormatError {
        FeedFormatError(.missing, field: field, number: number)
    }

    func repeated(_ field: String) -> FeedFormatError {
        FeedFormatError(.repeated, field: field, number: number)
    }

    func invalid(_ field: String, _ text: some Collection<UInt8>, _ expected: String)
        -> FeedFormatError
    {
        let actual = String(decoding: text.prefix(400), as: UTF8.self)
        return FeedFormatError(
            .invalidValue,
            field: field,
            number: number,
            found: (actual, expected)
        )
    }
}

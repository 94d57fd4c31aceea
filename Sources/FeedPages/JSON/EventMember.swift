import EventModel

/// The members of an event's JSON object.
enum EventMember: String, CaseIterable, Sendable {
    case number, stream, version, type, id, recordedAt, mediaType
    case data, dataText, dataBase64, dataSrc, dataLength, dataDigest
    case metadataMediaType
    case metadata, metadataText, metadataBase64, metadataSrc, metadataLength, metadataDigest
    case expect

    private static let byName = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
    )

    /// The member of a name, or nil.
    init?(name: String) {
        guard let member = Self.byName[name] else { return nil }
        self = member
    }
}

/// Where the members of one event's object stand; nothing is decoded.
struct EventMembers {
    /// A member's value.
    enum Value {
        /// A string.
        case string(JSONString)
        /// Any other value.
        case other(Range<Int>)
    }

    /// Why an object is none of an event.
    enum Fault: Error {
        /// It is not JSON, or no object.
        case json(JSONError)
        /// The value of a member is nested too deep.
        case tooDeep(JSONError, member: String)
        /// A member that an event does not have.
        case unknown(String)
        /// A member is there twice.
        case repeated(String)
    }

    private var values: [EventMember: Value] = [:]

    /// Walks over the object that comes next, after which the reader stands behind it.
    init(_ reader: inout JSONReader, refusesUnknown: Bool) throws(Fault) {
        do throws(JSONError) {
            try reader.enterObject()
        } catch { throw .json(error) }
        values.reserveCapacity(10)
        var isFirst = true
        while let name = try Self.name(&reader, isFirst: isFirst) {
            isFirst = false
            let value = try Self.value(&reader, of: name)
            guard let member = Self.member(name, reader.bytes) else {
                if refusesUnknown {
                    throw .unknown(String(decoding: reader.bytes[name.range], as: UTF8.self))
                }
                continue
            }
            if values.updateValue(value, forKey: member) != nil { throw .repeated(member.rawValue) }
        }
    }

    subscript(_ member: EventMember) -> Value? { values[member] }

    private static func name(_ reader: inout JSONReader, isFirst: Bool) throws(Fault)
        -> JSONString?
    {
        do throws(JSONError) {
            return try reader.nextName(isFirst: isFirst)
        } catch { throw .json(error) }
    }

    private static func value(_ reader: inout JSONReader, of name: JSONString) throws(Fault)
        -> Value
    {
        do throws(JSONError) {
            return reader.peek() == UInt8(ascii: "\"")
                ? .string(try reader.string())
                : .other(try reader.value())
        } catch {
            guard error.reason == .tooDeep else { throw .json(error) }
            let member =
                member(name, reader.bytes)?.rawValue
                ?? String(decoding: reader.bytes[name.range], as: UTF8.self)
            throw .tooDeep(error, member: member)
        }
    }

    /// The member that a name means; one with half of a surrogate pair means none.
    private static func member(_ name: JSONString, _ bytes: [UInt8]) -> EventMember? {
        do throws(JSONError) {
            return EventMember(name: try name.text(in: bytes))
        } catch {
            return nil
        }
    }
}

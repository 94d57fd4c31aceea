import AtomFormat
import EventModel

/// An event as the body of a request has it.
struct WrittenEvent: Hashable, Sendable {
    /// The id; nil where there is none, or it is all zeros.
    var id: EventID?
    /// The type; nil where there is none, or it is empty.
    var type: String?
    /// The bytes to store as data.
    var data: [UInt8] = []
    /// Whether the data are an object or an array of JSON.
    var isDataJSON = false
    /// The bytes to store as metadata.
    var metadata: [UInt8] = []
    /// Whether the metadata are an object or an array of JSON.
    var isMetadataJSON = false
}

/// A body that has no events in the form that was announced.
enum WriteBodyError: Error, Hashable, Sendable {
    /// The body is not JSON, or not XML, or has another shape than an array of events.
    case invalid
    /// The body has more events than ``EventModel/Limits/eventsPerAppend`` at its highest.
    case tooManyEvents
}

/// Reads the events of a batch.
enum WriteBody {
    /// Elements and attributes of a document: 26 for each of the most events that there may be.
    private static let elementLimit = 26 * Limits.standard.eventsPerAppend

    /// Reads an array of objects `{eventId, eventType, data, metadata}`, names in any case, others
    /// left out.
    ///
    /// - Parameter json: The whole body.
    /// - Returns: The events in their order, at least one.
    /// - Throws: ``WriteBodyError``.
    static func events(json: [UInt8]) throws(WriteBodyError) -> [WrittenEvent] {
        do {
            var reader = JSONReader(json)
            var events: [WrittenEvent] = []
            try reader.enterArray()
            while try reader.nextElement(isFirst: events.isEmpty) {
                if events.count == Limits.standard.eventsPerAppend {
                    throw WriteBodyError.tooManyEvents
                }
                events.append(try event(&reader))
            }
            try reader.endText()
            if events.isEmpty { throw WriteBodyError.invalid }
            return events
        } catch let error as WriteBodyError {
            throw error
        } catch {
            // An error of JSON says more than this interface has a way to say.
            throw .invalid
        }
    }

    /// Reads a document whose root has an element for each event, which has elements `EventId`,
    /// `EventType`, `Data` and `Metadata`, in any case; data and metadata become JSON.
    ///
    /// - Parameter xml: The whole body.
    /// - Returns: The events in their order, at least one.
    /// - Throws: ``WriteBodyError``.
    static func events(xml: [UInt8]) throws(WriteBodyError) -> [WrittenEvent] {
        let root: XMLElement
        do {
            root = try XMLTreeReader(depth: Limits.jsonDepth, elements: elementLimit).read(xml)
        } catch {
            throw .invalid
        }
        guard root.children.count <= Limits.standard.eventsPerAppend else { throw .tooManyEvents }
        var json: [UInt8] = []
        json.reserveCapacity(xml.count)
        json.append(UInt8(ascii: "["))
        for (place, child) in root.children.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            XMLToJSON.append(child, to: &json)
        }
        json.append(UInt8(ascii: "]"))
        return try events(json: json)
    }

    private static func event(_ reader: inout JSONReader) throws -> WrittenEvent {
        var event = WrittenEvent()
        try reader.enterObject()
        var isFirst = true
        while let string = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            let name = String(decoding: JSONText.decode(string, in: reader.bytes), as: UTF8.self)
            let value = try Value(&reader)
            switch name.lowercased() {
            case "eventid": event.id = try id(value)
            case "eventtype": event.type = try type(value)
            case "data": (event.data, event.isDataJSON) = body(value, in: reader.bytes)
            case "metadata": (event.metadata, event.isMetadataJSON) = body(value, in: reader.bytes)
            default: break
            }
        }
        return event
    }

    /// A value of a member.
    private enum Value {
        case null
        /// An object or an array.
        case container(Range<Int>)
        /// The characters of a string.
        case string([UInt8])
        /// A number, `true` or `false`, as it is written.
        case word([UInt8])

        init(_ reader: inout JSONReader) throws {
            switch reader.peek() {
            case UInt8(ascii: "\""):
                self = .string(JSONText.decode(try reader.string(), in: reader.bytes))
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                self = .container(try reader.value())
            case UInt8(ascii: "n"):
                _ = try reader.value()
                self = .null
            default:
                self = .word(Array(reader.bytes[try reader.value()]))
            }
        }
    }

    /// The id that a value spells; all zeros are none, as they are .NET's empty id.
    private static func id(_ value: Value) throws -> EventID? {
        switch value {
        case .null: return nil
        case .string(let text):
            guard let id = WrittenID.parse(text) else { throw WriteBodyError.invalid }
            return id.uuid.high == 0 && id.uuid.low == 0 ? nil : id
        case .container, .word: throw WriteBodyError.invalid
        }
    }

    private static func type(_ value: Value) throws -> String? {
        switch value {
        case .null: return nil
        case .string(let text), .word(let text):
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        case .container: throw WriteBodyError.invalid
        }
    }

    /// The bytes to store for data or metadata, and whether they are JSON: objects and arrays are,
    /// also where a string holds them; any other string is text, and all else is nothing.
    private static func body(_ value: Value, in json: [UInt8]) -> ([UInt8], Bool) {
        var bytes: [UInt8] = []
        switch value {
        case .null, .word:
            return ([], false)
        case .container(let range):
            JSONIndent.append(json, range, indent: 0, to: &bytes)
        case .string(let text):
            guard let range = JSONIndent.container(in: text) else { return (text, false) }
            JSONIndent.append(text, range, indent: 0, to: &bytes)
        }
        return (bytes, true)
    }
}

import Foundation

/// A page in the product's JSON.
struct ShownFeed: Decodable {
    /// A link of a page or an entry.
    struct Link: Decodable, Hashable {
        let uri: String
        let relation: String
    }

    /// What names the author.
    struct Author: Decodable, Hashable {
        let name: String
    }

    /// An event in a page.
    struct Entry: Decodable {
        let title: String
        let id: String
        let updated: String
        let summary: String
        let links: [Link]
        let content: WireEventJSON?
        let eventId: String?
        let eventType: String?
        let eventNumber: Int64?
        let data: String?
        let metaData: String?
        let linkMetaData: String?
        let isJson: Bool?
        /// The number of the event or the link in the stream that is read.
        let placeNumber: Int64?
        /// The stream that is read.
        let placeStream: String?

        private enum CodingKeys: String, CodingKey {
            case title, id, updated, summary, links, content, eventId, eventType, eventNumber
            case data, metaData, linkMetaData, isJson
            case placeNumber = "positionEventNumber"
            case placeStream = "positionStreamId"
        }

        /// The address of the first link with a relation.
        func link(_ relation: String) -> String? { links.first { $0.relation == relation }?.uri }
    }

    let title: String
    let id: String
    let updated: String
    let streamId: String?
    let author: Author
    let headOfStream: Bool
    let selfUrl: String?
    let eTag: String?
    let links: [Link]
    let entries: [Entry]

    init(_ answer: PlainAnswer) throws {
        self = try JSONDecoder().decode(ShownFeed.self, from: Data(answer.body))
    }

    /// The address of the first link with a relation.
    func link(_ relation: String) -> String? { links.first { $0.relation == relation }?.uri }

    /// The titles of the entries, newest first.
    var titles: [String] { entries.map(\.title) }
}

/// An event as `event+json` and as `content` of an entry.
struct WireEventJSON: Decodable, Hashable {
    let eventStreamId: String
    let eventNumber: Int64
    let eventType: String
    let eventId: String
    let data: JSONValue
    let metadata: JSONValue

    init(_ answer: PlainAnswer) throws {
        self = try JSONDecoder().decode(WireEventJSON.self, from: Data(answer.body))
    }
}

/// Any JSON, to be compared without regard to white space.
enum JSONValue: Decodable, Hashable {
    case object([String: JSONValue])
    case array([JSONValue])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Reads JSON.
    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// A member of an object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text that this is.
    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
}

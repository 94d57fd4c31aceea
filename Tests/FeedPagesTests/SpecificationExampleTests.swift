import EventModel
import FeedPages
import Foundation
import HTTPTypes
import Testing

@Suite struct `The examples of the specification` {
    private let history: History
    private let specification: String

    init() throws {
        history = try History.examples()
        specification = try String(decoding: Golden.bytes("README.md"), as: UTF8.self)
    }

    @Test func `have the head document in Atom and JSON`() {
        expectExample(history.headBytes(.atom))
        expectExample(history.headBytes(.json))
    }

    @Test func `have the empty store`() throws {
        let empty = try History()
        expectExample(empty.headBytes(.atom))
        expectExample(empty.headBytes(.json))
    }

    @Test func `have answers to after, with and without a filter`() throws {
        expectExample(try history.after("after=12"))
        expectExample(try history.after("type=Re*&stream=loan-7"))
        expectExample(try history.after("after=10&limit=1", .json))
    }

    @Test func `have the document of an event whose data is out of line`() {
        expectExample(history.eventDocument(4).render(.atom))
    }

    @Test func `have the first half of a complete page`() throws {
        let range = try #require(PageRange("1-10"))
        let page = String(decoding: history.page(range), as: UTF8.self)
        let half = try #require(page.range(of: "  <entry>\n    <id>urn:uuid:a4bc367a"))
        #expect(specification.contains(page[..<half.lowerBound]))
        #expect(specification.contains("\"\(EntityTag(of: history.page(range)).opaque)\""))
        let lines = String(decoding: history.page(range, .ndjson), as: UTF8.self)
        for line in lines.split(separator: "\n").prefix(5) {
            #expect(specification.contains("\n\(line)\n"))
        }
    }

    @Test func `have the headers of a complete page`() throws {
        let document = history.pageDocument(try #require(PageRange("1-10")))
        for field in document.facts.fields {
            #expect(specification.contains("\n\(field.name): \(field.value)\n"))
        }
        #expect(specification.contains("\nLink: \(document.links(.atom).fieldValue)\n"))
    }

    @Test func `have a stream`() throws {
        let stream = try StreamName("loan-7")
        let events = Array(history.events.filter { $0.stream == stream }.reversed())
        let slice = StreamSlice(events: events, version: StreamVersion(4), head: history.head)
        let span = StreamSpan(
            slice,
            after: (.beginning, .beginning),
            scannedTo: (history.head.number, history.head.chain)
        )
        let document = FeedDocument.stream(
            stream,
            StreamQuery(form: .atom),
            of: history.identity,
            span: span
        )
        let bytes = document.render(.atom, events: events)
        let text = String(decoding: bytes, as: UTF8.self)
        let frame = try #require(text.range(of: "  <entry>"))
        #expect(specification.contains(text[..<frame.lowerBound]))
        #expect(try ParsedFeed.parse(bytes, .atom).entries.map(\.version.rawValue) == [1, 2, 3, 4])
    }

    @Test func `have the service document and the category document`() {
        expectExample(
            ServiceDocument(identity: history.identity, limits: .standard).render()
        )
        expectExample(CategoryDocument.render())
    }

    @Test func `have an append of three lines`() throws {
        let start = try #require(specification.range(of: #"{"stream":"loan-7","type":"Repaid""#))
        let end = try #require(
            specification.range(of: "\n\n", range: start.lowerBound..<specification.endIndex)
        )
        let body = Array(specification[start.lowerBound..<end.lowerBound].utf8)
        let submitted = try EventLinesReader.parse(body)
        #expect(submitted.events.map(\.type.text) == ["Repaid", "Written", "Closed"])
        #expect(submitted.expectations == [try StreamName("loan-7"): .exactly(StreamVersion(4))])
        #expect(submitted.lines == [1, 2, 3])
    }

    @Test func `have a posted entry whose id is an IRI`() throws {
        let start = try #require(
            specification.range(of: "<entry xmlns=\"http://www.w3.org/2005/Atom\" xmlns:ef")
        )
        let end = try #require(
            specification.range(of: "</entry>", range: start.lowerBound..<specification.endIndex)
        )
        let entry = Array(specification[start.lowerBound..<end.upperBound].utf8)
        let event = try NewEvent.entry(entry, stream: nil)
        #expect(specification.contains(event.id.description))
        #expect(event.type.text == "Requested")
        #expect(event.stream.text == "loan-30")
        #expect(event.data == .json(#"{"amount":5}"#))
    }

    @Test func `have problems`() throws {
        for kind in ProblemKind.allCases {
            #expect(
                specification.contains("| `\(kind.rawValue)` | \(kind.status) | \(kind.title) |"),
                "\(kind)"
            )
        }
        for start in specification.ranges(of: #"{"type":"urn:eventfeed:problem:"#) {
            let line = specification[start.lowerBound...].prefix { $0 != "\n" }
            let problem = try #require(ProblemDetails(Array(line.utf8), status: 400))
            let status = try #require(problem.kind?.status)
            let again = try #require(ProblemDetails(Array(line.utf8), status: status))
            #expect(String(decoding: again.render(), as: UTF8.self) == line + "\n")
        }
    }

    private func expectExample(
        _ bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            specification.contains("```xml\n\(text)```")
                || specification.contains(
                    "```json\n\(text)```"
                ),
            "\(text)",
            sourceLocation: sourceLocation
        )
    }
}

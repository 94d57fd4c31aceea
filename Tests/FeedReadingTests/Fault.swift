import EventModel
import FeedPages
import Foundation
import Subscriptions
import Testing

/// One thing that a feed may do wrong, and what a subscription must learn of it.
struct Fault: Sendable, CustomTestStringConvertible {
    /// Where it strikes, once.
    enum Place: Sendable {
        case head, page, tail, value
    }

    var testDescription: String
    var place: Place
    var code: SourceError.Code
    /// Bends the right answer, given as its body.
    var bend: @Sendable ([UInt8], SampleFeed) -> [ScriptedServer.Step]

    static func answer(
        _ place: Place,
        _ name: String,
        _ code: SourceError.Code,
        _ steps: [ScriptedServer.Step]
    ) -> Fault {
        Fault(testDescription: "\(name) for the \(place)", place: place, code: code) { _, _ in
            steps
        }
    }

    static func document(
        _ place: Place,
        _ name: String,
        _ code: SourceError.Code,
        _ change: @escaping @Sendable (String) -> String
    ) -> Fault {
        Fault(testDescription: "\(name) in the \(place)", place: place, code: code) { body, _ in
            [.answer(200, SampleFeed.atom, text: change(String(decoding: body, as: UTF8.self)))]
        }
    }

    func strikes(_ target: String) -> Bool {
        switch place {
        case .head: target == "/feed"
        case .value: target.contains("/data/")
        // The first page: one behind it in the window is asked for again before it counts.
        case .page: target.hasSuffix("/1-10.atom")
        case .tail: target.hasPrefix("/feed.atom?")
        }
    }
}

extension Fault {
    private static let html = ["Content-Type: text/html; charset=utf-8"]

    static let answers: [Fault] = [Place.head, .page, .tail].flatMap { place -> [Fault] in
        [
            .answer(place, "500", .unavailable, [.answer(500)]),
            .answer(place, "503", .unavailable, [.problem(503, "overloaded", "busy")]),
            .answer(place, "429", .unavailable, [.answer(429, ["Retry-After: -1"])]),
            .answer(place, "777", .unavailable, [.answer(777)]),
            .answer(place, "401", .unauthorised, [.answer(401)]),
            .answer(place, "418", .refused, [.answer(418)]),
            .answer(place, "400 with a problem", .refused, [.problem(400, "new-one", "no")]),
            .answer(place, "304 unasked", .malformedDocument, [.answer(304)]),
            .answer(place, "300", .malformedDocument, [.answer(300)]),
            .answer(place, "204", .malformedDocument, [.text("HTTP/1.1 204 No Content\r\n\r\n")]),
            .answer(place, "206", .malformedDocument, [.answer(206, SampleFeed.atom, text: "<")]),
            .answer(place, "HTML", .wrongMediaType, [.answer(200, html, text: "<html>Log in")]),
            .answer(
                place,
                "JSON",
                .wrongMediaType,
                [.answer(200, ["Content-Type: application/json"], text: "{}")]
            ),
            Fault(
                testDescription: "no media type for the \(place)",
                place: place,
                code: .malformedDocument
            ) { body, _ in [.answer(200, [], body)] },
            .answer(place, "nothing", .malformedDocument, [.answer(200, SampleFeed.atom)]),
            .answer(place, "no answer", .unreachable, [.close]),
            .answer(
                place,
                "a redirect to ftp",
                .forbiddenRedirect,
                [.answer(302, ["Location: ftp://example.org/"])]
            ),
            Fault(
                testDescription: "half a gzip for the \(place)",
                place: place,
                code: .malformedDocument
            ) {
                body,
                _ in
                let whole = (try? gzip(body)) ?? []
                return [
                    .answer(
                        200,
                        SampleFeed.atom + ["Content-Encoding: gzip"],
                        Array(whole.prefix(whole.count / 2))
                    )
                ]
            },
        ]
    }

    static let documents: [Fault] = [Place.head, .page, .tail].flatMap { place -> [Fault] in
        [
            .document(place, "XML cut off", .malformedDocument) { String($0.dropLast(20)) },
            .document(place, "XML with a DTD", .malformedDocument) {
                $0.replacing("?>\n", with: "?>\n<!DOCTYPE feed [<!ENTITY a 'b'>]>\n")
            },
            .document(place, "another format", .unsupportedFormat) {
                $0.replacing("format=\"1\"", with: "format=\"2\"")
            },
            .document(place, "a page size of 9", .malformedDocument) {
                $0.replacing("page-size=\"10\"", with: "page-size=\"9\"")
            },
            .document(place, "no epoch", .malformedDocument) {
                $0.replacing(" epoch=", with: " oops=")
            },
            .document(place, "a hole", .hole) { text in
                guard let start = text.range(of: "  <entry>"),
                    let end = text.range(of: "</entry>\n")
                else { return text }
                return text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "")
            },
        ]
    }

    static let pages: [Fault] = [
        .answer(.page, "404", .hole, [.answer(404, html, text: "<html>")]),
        .answer(.page, "410", .hole, [.answer(410)]),
        .answer(
            .page,
            "no such page",
            .headWentBack,
            [
                .problem(
                    404,
                    "no-such-page",
                    "no",
                    "\"head\":5,\"epoch\":\"\(SampleFeed.epoch)\""
                )
            ]
        ),
        .answer(
            .page,
            "another epoch",
            .anotherEpoch,
            [
                .problem(
                    404,
                    "another-epoch",
                    "no",
                    "\"head\":5,\"epoch\":\"\(SampleFeed.otherEpoch)\""
                )
            ]
        ),
        Fault(testDescription: "another page", place: .page, code: .malformedDocument) { _, feed in
            let range = PageRange(first: EventNumber(11), last: EventNumber(20))
            return [.answer(200, SampleFeed.atom, feed.page(range))]
        },
        Fault(testDescription: "a page of another epoch", place: .page, code: .anotherEpoch) {
            _,
            _ in
            let range = PageRange(first: EventNumber(1), last: EventNumber(10))
            let other = try? SampleFeed(30, epoch: SampleFeed.otherEpoch)
            return [.answer(200, SampleFeed.atom, other?.page(range) ?? [])]
        },
        Fault(
            testDescription: "the head document for a page",
            place: .page,
            code: .malformedDocument
        ) {
            _,
            feed in
            [.answer(200, SampleFeed.atom, feed.headDocument())]
        },
        .document(.tail, "another page size", .malformedDocument) {
            $0.replacing("page-size=\"10\"", with: "page-size=\"20\"")
        },
        .document(.tail, "no head", .malformedDocument) {
            $0.replacing(" head=\"25\"", with: "")
        },
        .document(.tail, "a filter that nobody asked for", .malformedDocument) {
            $0.replacing(" chain=", with: " filter=\"type=A\" chain=")
        },
    ]
}

import FeedPages
import Testing

@Suite struct `Problem details` {
    @Test func `are written in order on one line and read back`() throws {
        let known = ProblemDetails.KnownEvent(id: "018f6d0e", number: 7)
        let problem = ProblemDetails(
            .partlyRecorded,
            "Two \"lines\"\nof detail.",
            facts: [
                "line": nil, "number": .number(-1), "stream": .text("a/b\u{2028}"),
                "allowed": .texts(["GET", "HEAD"]), "known": .known([known]), "none": .texts([]),
            ]
        )
        let bytes = problem.render()
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"type":"urn:eventfeed:problem:partly-recorded","#
                + #""title":"Some of the events are recorded already","status":409,"#
                + #""detail":"Two \"lines\"\nof detail.","number":-1,"stream":"a/b"#
                + "\u{2028}"
                + #"","allowed":["GET","HEAD"],"known":[{"id":"018f6d0e","number":7}],"#
                + "\"none\":[]}\n"
        )
        let read = try #require(ProblemDetails(bytes, status: 409))
        #expect(read.kind == .partlyRecorded)
        #expect(read.detail == problem.detail)
        #expect(read.text("stream") == "a/b\u{2028}")
        #expect(read.fact("known") == .known([known]))
        #expect(read.fact("allowed") == .texts(["GET", "HEAD"]))
        #expect(read.number("stream") == nil)
        #expect(read.text("nothing") == nil)
    }

    @Test func `of other servers are read as far as they go`() throws {
        let text =
            #"{"type":"about:blank","x":{"y":[1]},"n":1.5,"status":"x","t":null,"type":"urn:x"}"#
        let problem = try #require(ProblemDetails(Array(text.utf8), status: 418))
        #expect(problem.kind == nil)
        #expect(problem.type == "urn:x")
        #expect(problem.status == 418)
        #expect(problem.facts.isEmpty)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"type\":1}", "<html/>", "{\"type\":\"x\"} x", "{\"type\":\"\\ud800\"}",
    ])
    func `are nothing else`(text: String) {
        #expect(ProblemDetails(Array(text.utf8), status: 500) == nil)
    }

    @Test(arguments: ProblemKind.allCases)
    func `have a type that names them`(kind: ProblemKind) {
        #expect(ProblemKind(uri: kind.uri) == kind)
        #expect((400..<600).contains(kind.status))
        #expect(kind.retryAfter == nil || kind.status == 503)
    }
}

import EventStoreWire
import Testing

/// The comparison itself: what it lets pass, and that it lets nothing else pass.
struct ComparisonTests {
    private let captured = PlainAnswer(
        200,
        "OK",
        [
            PlainField("Server", "Mono"), PlainField("Vary", "Accept"),
            PlainField("ETag", #""3;-17""#),
        ],
        body: Array(
            #"{"id": "http://127.0.0.1:42113/streams/s", "updated": "2026-11-23T10:29:32.5Z"}"#.utf8
        )
    )
    private let own = PlainAnswer(
        200,
        "OK",
        [PlainField("etag", #""3;99""#), PlainField("vary", "Accept")],
        body: Array(
            #"{"id": "http://127.0.0.1:2113/streams/s", "updated": "2027-01-01T00:00:00.25Z"}"#.utf8
        )
    )

    private func differences(
        _ change: (inout PlainAnswer) -> Void = { _ in },
        with comparison: inout Comparison
    ) -> [String] {
        var answer = own
        change(&answer)
        return comparison.differences(
            between: answer,
            and: captured,
            to: PlainRequest("GET", "/streams/s"),
            over: DirectTransport { _, _ in WireResponse(200, "OK") }
        )
    }

    private func differences(_ change: (inout PlainAnswer) -> Void = { _ in }) -> [String] {
        var comparison = Comparison()
        return differences(change, with: &comparison)
    }

    @Test func `lets origins, instants and hashes be others`() {
        #expect(differences().isEmpty)
    }

    @Test func `sees another status, phrase, field or body`() {
        #expect(differences { $0.status = 404 }.count == 1)
        #expect(differences { $0.reason = "Ok" }.count == 1)
        #expect(differences { $0.set("Vary", to: nil) }.count == 1)
        #expect(differences { $0.set("Vary", to: "accept") }.count == 1)
        #expect(differences { $0.set("X-More", to: "1") }.count == 1)
        #expect(differences { $0.set("ETag", to: #""4;99""#) }.count == 1)
        #expect(differences { $0.replace("updated", with: "Updated") }.count == 1)
        #expect(differences { $0.replace(".25Z", with: ".250Z") }.count == 1)
    }

    @Test func `sees that one thing is called by two names`() {
        var comparison = Comparison()
        #expect(differences(with: &comparison).isEmpty)
        #expect(differences({ $0.set("ETag", to: #""3;98""#) }, with: &comparison).count == 1)
        #expect(differences({ $0.replace(".25Z", with: ".26Z") }, with: &comparison).count == 1)
    }

    @Test func `says what it learned in later requests`() {
        var comparison = Comparison()
        #expect(differences(with: &comparison).isEmpty)
        let request = PlainRequest("GET", "/streams/s", [PlainField("If-None-Match", "7;-17")])

        #expect(comparison.known.translated(request)["If-None-Match"] == "7;99")
    }
}

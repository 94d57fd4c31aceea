import Testing

/// An address with a slash at the end is another address (cases 9 to 15).
struct TrailingSlashCases {
    struct Case: Sendable, CustomTestStringConvertible {
        let method: String
        let target: String
        let location: String

        var testDescription: String { "\(method) \(target)" }
    }

    private static let cases = [
        Case(method: "POST", target: "/streams/s/", location: "/streams/s"),
        Case(method: "DELETE", target: "/streams/s/", location: "/streams/s"),
        Case(method: "GET", target: "/streams/s/", location: "/streams/s"),
        Case(method: "GET", target: "/streams/$all/", location: "/streams/$all"),
        Case(method: "GET", target: "/streams/%24all/", location: "/streams/$all"),
        Case(method: "POST", target: "/streams/s/metadata/", location: "/streams/s/metadata"),
        Case(method: "GET", target: "/streams/s/metadata/", location: "/streams/s/metadata"),
    ]

    @Test(arguments: cases)
    func `a slash at the end redirects to the address without it`(_ sample: Case) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let isPost = sample.method == "POST"
            let answer = try await client.send(
                sample.method,
                sample.target,
                isPost
                    ? [.contentType(WireType.eventsJSON)] : [.accept(WireType.atomJSON)],
                body: isPost ? BatchEvent.batch([BatchEvent()]) : ""
            )
            #expect(answer.status == 307)
            #expect(answer["Location"] == client.transport.origin + sample.location)
            #expect(answer["Cache-Control"] == "max-age=31536000, public")
            #expect(answer.text == "Moved Permanently")
            #expect(try await client.feed("/streams/s").titles == ["0@s"])
        }
    }
}

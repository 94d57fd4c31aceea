import Testing

/// The document that a stream is described by (cases 66 and 67).
struct DescriptionCases {
    private static let text = """
        {
          "title": "Description document for 'a b'",
          "description": "The description document will be presented when no accept header is \
        present or it was requested",
          "_links": {
            "self": {
              "href": "/streams/a%20b",
              "supportedContentTypes": [
                "application/vnd.eventstore.streamdesc+json"
              ]
            },
            "stream": {
              "href": "/streams/a%20b",
              "supportedContentTypes": [
                "application/atom+xml",
                "application/vnd.eventstore.atom+json"
              ]
            }
          }
        }
        """

    // 66, 67, and what the contract's table says of other types.
    @Test(arguments: [
        ("", 406, "We are unable to represent the stream in the format requested."),
        ("*/*", 406, "Description Document"),
        ("application/*", 200, "Description Document"),
        (WireType.description, 200, "Description Document"),
    ])
    func `whoever does not say what they want gets a description`(
        _ accept: String,
        _ status: Int,
        _ reason: String
    ) async throws {
        try await Interface.with { client in
            try await client.fill("a%20b", 1)
            let answer = try await client.get("/streams/a%20b", accept: accept)
            #expect(answer.status == status)
            #expect(answer.reason == reason)
            #expect(answer["Content-Type"] == "\(WireType.description); charset=utf-8")
            #expect(answer["Cache-Control"] == nil)
            #expect(answer.text == Self.text)
        }
    }

    @Test func `a stream that is not there has one, too`() async throws {
        try await Interface.with { client in
            let answer = try await client.get("/streams/none", accept: WireType.description)
            #expect(answer.status == 200)
            #expect(answer.text.contains("Description document for 'none'"))
        }
    }
}

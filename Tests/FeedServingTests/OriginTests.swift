import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

@Suite struct `A write that a web page sends` {
    private static func fields(_ origin: String?) -> HTTPFields {
        var fields: HTTPFields = [
            .contentType: "application/json"
        ]
        if let name = HTTPField.Name("Event-Type") { fields[name] = "Seen" }
        fields[.origin] = origin
        return fields
    }

    @Test(arguments: [
        "http://evil.example", "http://evil.example:2113", "https://127.0.0.1.evil.example",
        "http://127.evil", "null", "http://[::2]:2113", "",
    ])
    func `from another site is refused while there are no users`(_ origin: String) async throws {
        let sample = try await Sample(events: 0)

        for target in ["/feed/streams/a", "/streams/a", "/users/"] {
            let answer = await sample.answer("POST", target, Self.fields(origin))
            #expect(answer.status == 403, "\(target)")
            #expect(answer.problem == .notPermitted)
        }
        let answer = await sample.answer("DELETE", "/streams/a", Self.fields(origin))
        #expect(answer.status == 403)
        let head = await sample.store.head()
        #expect(head.number == .beginning)
    }

    @Test(arguments: [
        nil, "http://127.0.0.1:2113", "http://localhost:8080", "http://[::1]:2113",
    ])
    func `from this machine, or from no page, is taken`(_ origin: String?) async throws {
        let sample = try await Sample(events: 0)

        let answer = await sample.post("/feed/streams/a", Self.fields(origin), "{}")

        #expect(answer.status == 201)
    }
}

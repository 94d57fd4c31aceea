import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A long poll` {
    @Test(
        arguments: [
            ("/feed.json?after=3&wait=60", [:]), ("/feed.json?after=3", [.prefer: "wait=999"]),
            ("/feed.json?after=3&wait=60&type=Type0", [:]),
        ] as [(String, HTTPFields)]
    )
    func `is answered by the append that it waits for`(
        target: String,
        fields: HTTPFields
    ) async throws {
        let sample = try await Sample(events: 3)
        try await withThrowingTaskGroup(of: FeedResponse.self) { group in
            for _ in 0..<20 {
                group.addTask { await sample.answer("GET", target, fields) }
            }
            while sample.responder.holds.count < 20 { await Task.yield() }
            try await Sample.fill(sample.store, events: 1)
            for try await response in group {
                #expect(response.status == 200)
                #expect(response.fields[.cacheControl] == "no-store")
                #expect(response.fields[.eventFeedScannedTo] == "4")
                #expect(response.text.contains("\"number\":4,"))
                #expect(
                    response.fields[.preferenceApplied]
                        == (fields[.prefer] == nil ? nil : "wait=60")
                )
            }
        }
        #expect(sample.responder.holds.count == 0)
    }

    @Test func `with a filter waits on when something else is appended`() async throws {
        let sample = try await Sample(events: 3)
        try await withThrowingTaskGroup(of: FeedResponse.self) { group in
            group.addTask {
                await sample.answer("GET", "/feed.json?after=3&wait=60&stream=loan-0")
            }
            while sample.responder.holds.count < 1 { await Task.yield() }
            // Numbers 4 and 5 are of other streams, 6 is of this one.
            try await Sample.fill(sample.store, events: 2)
            #expect(sample.responder.holds.count == 1)
            try await Sample.fill(sample.store, events: 1)
            let response = try #require(try await group.next())
            #expect(response.fields[.eventFeedAfter] == "3")
            #expect(response.fields[.eventFeedScannedTo] == "6")
            #expect(response.text.contains("\"number\":6,"))
            #expect(!response.text.contains("\"number\":5,"))
        }
    }

    @Test func `ends with an empty document when the time is over`() async throws {
        let sample = try await Sample(events: 3)
        for target in ["/feed.json?after=3&wait=1", "/feed.json?after=3&wait=1&type=Nothing"] {
            let response = await sample.answer("GET", target)
            #expect(response.status == 200)
            #expect(response.fields[.eventFeedScannedTo] == "3")
            #expect(!response.text.contains("\"number\""))
        }
    }

    @Test func `is not begun when too many are held or there is something to say`() async throws {
        let sample = try await Sample(events: 3) { $0.limits.heldRequests = 0 }
        #expect(await sample.answer("GET", "/feed?after=3&wait=60").status == 200)
        let other = try await Sample(events: 3)
        #expect(await other.answer("GET", "/feed?after=2&wait=60").status == 200)
        let head = await other.answer("GET", "/feed", [.prefer: "wait=60"])
        #expect(head.fields[.preferenceApplied] == nil)
        #expect(head.fields[.cacheControl] == "no-cache")
    }

    @Test(
        arguments: [
            ("wait=5", 5), ("respond-async, wait=7", 7), ("wait=\"3\"", 3), ("WAIT = 4; x=y", 4),
            ("wait=99999999999999999999", 60), ("wait", nil), ("wait=-1", nil), ("wait=soon", nil),
            ("", nil),
        ] as [(String, Int?)]
    )
    func `reads Prefer as a hint`(field: String, seconds: Int?) {
        let request = FeedRequest("GET", "/feed", fields: [.prefer: field])
        #expect(Preference.wait(request, limits: .standard) == seconds)
    }

    @Test func `ends at once when the client has gone`() async throws {
        let sample = try await Sample(events: 3)
        try await RunningServer.with(sample.store) { port in
            try await RawClient.connect(port) { client in
                try await client.send("GET /feed.json?after=3&wait=60 HTTP/1.1\r\nHost: a\r\n\r\n")
                client.finish()
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test func `of many pollers is answered to all of them`() async throws {
        let sample = try await Sample(events: 3)
        try await RunningServer.with(sample.store) { port in
            let answered = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await RawClient.connect(port) { client in
                            for after in 3..<6 {
                                try await client.send(
                                    "GET /feed.json?after=\(after)&wait=60 HTTP/1.1\r\n"
                                        + "Host: a\r\nAccept-Encoding: gzip\r\n\r\n"
                                )
                                let response = try await client.response()
                                #expect(response["eventfeed-after"] == "\(after)")
                                answered.add(1)
                            }
                        }
                    }
                }
                for round in 1...3 {
                    try await Sample.fill(sample.store, events: 1)
                    while answered.value < round { await Task.yield() }
                }
                try await group.waitForAll()
            }
            #expect(answered.value == 300)
        }
    }
}

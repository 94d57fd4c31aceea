import EventTesting
import FoundationEssentials
import HTTPTypes
import Logging
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(1)))
struct `Exchanges over HTTP` {
    @Test
    func `bring the whole answer and skip interim ones`() async throws {
        let answer = try await ask(answering: { _ in
            [
                .text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
                .answer(200, ["ETag: \"t\""], text: "whole"),
            ]
        })

        #expect(answer.status == 200)
        #expect(answer.fields[.eTag] == "\"t\"")
        #expect(answer.body == Array("whole".utf8))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "",
        "220 mail.example ready\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 2x0 OK\r\n\r\n",
    ])
    func `refuse an answer that is not whole`(answer: String) async throws {
        let error = try await failure(answering: { _ in [.text(answer), .close] })

        switch error?.reason {
        case .connection, .malformed: break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    @Test
    func `refuse header fields without end`() async throws {
        let error = try await failure(answering: { _ in
            [
                .text("HTTP/1.1 200 OK\r\nX: "),
                .flood([UInt8](repeating: 65, count: 1 << 16), times: 10_000),
            ]
        })

        switch error?.reason {
        case .connection, .malformed: break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    @Test
    func `end at the deadline, however busily the answer drips`() async throws {
        let error = try await failure(
            answering: { _ in
                [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour"), .stall]
            },
            deadline: .milliseconds(100)
        )

        #expect(error?.reason == .deadline(.milliseconds(100)))
    }

    @Test
    func `end at the deadline when nothing ever comes`() async throws {
        let error = try await failure(answering: { _ in [.stall] }, deadline: .milliseconds(100))

        #expect(error?.reason == .deadline(.milliseconds(100)))
    }

    @Test
    func `end at the deadline under interim answers without end`() async throws {
        let interim = Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8)
        let error = try await failure(
            answering: { _ in [.flood(interim, times: 1_000), .stall] },
            deadline: .milliseconds(200)
        )

        #expect(error?.reason == .deadline(.milliseconds(200)))
    }

    @Test
    func `refuse a body that is announced too large, before it comes`() async throws {
        let error = try await failure(answering: { _ in
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), .stall]
        })

        #expect(error?.reason == .tooLarge(limit: 2_024))
    }

    @Test
    func `refuse a body that grows too large without a word`() async throws {
        let chunk =
            Array("400\r\n".utf8) + [UInt8](repeating: 65, count: 1_024) + Array("\r\n".utf8)
        let error = try await failure(answering: { _ in
            [
                .text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                .flood(chunk, times: 100_000),
            ]
        })

        #expect(error?.reason == .tooLarge(limit: 2_024))
    }

    @Test(arguments: [1_000, 1_001])
    func `take a body of exactly the limit and none above`(count: Int) async throws {
        let body = [UInt8](repeating: 65, count: count)
        let script: ScriptedServer.Script = { _ in [.answer(200, [], body)] }

        if count == 1_000 {
            #expect(try await ask(answering: script).body == body)
        } else {
            #expect(try await failure(answering: script)?.reason == .tooLarge(limit: 1_000))
        }
    }

    @Test
    func `cut the body of an error instead of refusing it`() async throws {
        let body = [UInt8](repeating: 65, count: 1 << 20)
        let answer = try await ask(answering: { _ in [.answer(404, [], body)] })

        #expect(answer.status == 404)
        #expect(answer.body.count == 64 << 10)
    }

    @Test(arguments: [(299, 2), (399, 3), (499, 4), (599, 5), (777, 5), (204, 2)])
    func `take an unknown status for its class`(status: Int, expected: Int) async throws {
        let answer = try await ask(answering: { _ in [.answer(status)] })

        #expect(answer.status == status)
        #expect(answer.statusClass == expected)
    }

    @Test
    func `keep the connection alive`() async throws {
        try await ScriptedServer.run(answering: { _ in [.answer(200, [], text: "a")] }) { server in
            try await converse(with: server.address) { conversation, address in
                for _ in 0..<5 { _ = try await conversation.ask(.init(address)) }
            }

            #expect(server.requests.count == 5)
            #expect(server.connectionCount == 1)
        }
    }

    @Test
    func `say who asks, put Host first and take gzip`() async throws {
        try await ScriptedServer.run(answering: { _ in [.answer(200)] }) { server in
            try await converse(with: server.address + "/feed?after=1#part") { talk, address in
                _ = try await talk.ask(.init(address))
            }

            let request = try #require(server.requests.first)
            #expect(request.target == "/feed?after=1")
            #expect(request.fields.first?.name == "Host")
            #expect(request["host"] == String(server.address.dropFirst("http://".count)))
            #expect(request["user-agent"]?.hasPrefix("eventfeed/") == true)
            #expect(request["accept-encoding"] == "gzip")
        }
    }

    @Test
    func `say that nobody listens`() async throws {
        // A port that was free a moment ago may be another test's by now; this one is nobody's.
        let address = "http://127.0.0.1:1"
        let error = await #expect(throws: ExchangeError.self) {
            try await converse(with: address) { talk, address in
                _ = try await talk.ask(.init(address))
            }
        }
        guard case .connection = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test
    func `end with the task that waits for them`() async throws {
        try await ScriptedServer.run(answering: { _ in [.stall] }) { server in
            try await converse(with: server.address) { talk, address in
                await #expect(throws: CancellationError.self) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await talk.ask(.init(address)) }
                        while server.requests.isEmpty { await Task.yield() }
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Compressed answers` {
    @Test
    func `are inflated`() async throws {
        let body = try gzip(Array(repeating: 65, count: 900))
        let answer = try await ask(answering: { _ in
            [.answer(200, ["Content-Encoding: gzip"], body)]
        })

        #expect(answer.body == Array(repeating: 65, count: 900))
    }

    @Test
    func `may have several members`() async throws {
        let body = try gzip([1, 2]) + gzip([3])
        let answer = try await ask(answering: { _ in
            [.answer(200, ["Content-Encoding: x-gzip"], body)]
        })

        #expect(answer.body == [1, 2, 3])
    }

    @Test
    func `stop inflating at the limit`() async throws {
        let bomb = try gzip(Array(repeating: 0, count: 1 << 20))
        let error = try await failure(answering: { _ in
            [.answer(200, ["Content-Encoding: gzip"], bomb)]
        })

        #expect(bomb.count < 2_000)
        #expect(error?.reason == .tooLargeInflated(limit: 1_000))
    }

    @Test
    func `are refused when cut off, wherever`() async throws {
        let whole = try gzip(Array("a body that is long enough to be cut at many places".utf8))
        for end in 1..<whole.count {
            #expect(throws: GzipInflater.Failure.truncated, "\(end)") {
                try GzipInflater.inflate(Array(whole[..<end]), limit: 1_000)
            }
        }
    }

    @Test
    func `are refused when damaged or followed by something else`() throws {
        let whole = try gzip(Array("a body".utf8))
        var damaged = whole
        damaged[whole.count - 5] ^= 1

        #expect(throws: GzipInflater.Failure.damaged) {
            try GzipInflater.inflate(damaged, limit: 1_000)
        }
        #expect(throws: GzipInflater.Failure.damaged) {
            try GzipInflater.inflate(whole + Array("trailing".utf8), limit: 1_000)
        }
        #expect(throws: GzipInflater.Failure.damaged) {
            try GzipInflater.inflate(Array("<html>".utf8), limit: 1_000)
        }
    }

    @Test
    func `are refused under a coding that nobody asked for`() async throws {
        let error = try await failure(answering: { _ in
            [.answer(200, ["Content-Encoding: br"], text: "??")]
        })

        #expect(error?.reason == .coding("br"))
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Redirects` {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `are followed to a relative address`(status: Int) async throws {
        try await ScriptedServer.run(answering: { request in
            request.target == "/a/b"
                ? [.answer(status, ["Location: ../c?x=1"])] : [.answer(200, [], text: "there")]
        }) { server in
            let answer = try await converse(with: server.address + "/a/b") { talk, address in
                try await talk.ask(.init(address))
            }

            #expect(answer.body == Array("there".utf8))
            #expect(answer.address.absoluteString == server.address + "/c?x=1")
        }
    }

    @Test(arguments: [
        "", "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "https://",
        "http:///x",
        "data:text/plain,x",
    ])
    func `are not followed to anything but http and https`(location: String) async throws {
        let error = try await failure(answering: { _ in
            [.answer(302, ["Location: \(location)"])]
        })

        guard case .redirect = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test
    func `are refused without a Location`() async throws {
        let error = try await failure(answering: { _ in [.answer(307)] })

        #expect(error?.reason == .redirect("a redirect without a usable Location"))
    }

    @Test
    func `are followed five times and not six`() async throws {
        for count in [5, 6] {
            let script: ScriptedServer.Script = { request in
                let place = Int(request.target.dropFirst()) ?? 0
                return place < count
                    ? [.answer(302, ["Location: /\(place + 1)"])] : [.answer(200, [], text: "end")]
            }
            if count == 5 {
                #expect(try await ask(answering: script).body == Array("end".utf8))
            } else {
                let error = try await failure(answering: script)
                #expect(error?.reason == .redirect("more than 5 redirects in a row"))
            }
        }
    }

    @Test
    func `that go in circles are found`() async throws {
        let error = try await failure(answering: { request in
            [.answer(302, ["Location: \(request.target == "/b" ? "/" : "/b")"])]
        })

        guard case .redirect(let text) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.hasPrefix("a loop of redirects"))
    }

    @Test
    func `never lead from https to http`() throws {
        var walk = RedirectWalk(from: try #require(URL(string: "https://a.example/")))

        #expect(throws: ExchangeError.self) { try walk.follow("http://a.example/") }
        #expect(throws: Never.self) { try walk.follow("https://b.example/x#part") }
        #expect(walk.address.absoluteString == "https://b.example/x")
    }

    @Test(arguments: [(301, false), (302, false), (303, false), (307, true), (308, true)])
    func `keep a POST a POST or are not followed`(status: Int, isFollowed: Bool) {
        #expect(RedirectWalk.isRedirect(status, method: .post) == isFollowed)
    }
}

extension WebConversation.Question {
    init(_ address: URL) {
        self.init(address, bodyLimit: 1_000, deadline: .seconds(30))
    }
}

/// Runs `body` with a conversation with the server at `address`.
@discardableResult
func converse<Result: Sendable>(
    with address: String,
    _ body: (WebConversation, URL) async throws -> Result
) async throws -> Result {
    let url = try #require(URL(string: address.hasSuffix("/") ? address : withRoot(address)))
    return try await AsyncHTTPTransport.withTransport(logger: Logger(label: "test")) { transport in
        try await body(WebConversation(over: transport), url)
    }
}

private func withRoot(_ address: String) -> String {
    address.split(separator: "/").count == 2 ? address + "/" : address
}

/// The answer to one question, at most 1,000 bytes.
private func ask(
    answering script: @escaping ScriptedServer.Script,
    deadline: Duration = .seconds(30)
) async throws -> HTTPExchangeAnswer {
    try await ScriptedServer.run(answering: script) { server in
        try await converse(with: server.address) { talk, address in
            try await talk.ask(.init(address, bodyLimit: 1_000, deadline: deadline))
        }
    }
}

/// The error that one question ends with.
private func failure(
    answering script: @escaping ScriptedServer.Script,
    deadline: Duration = .seconds(30)
) async throws -> ExchangeError? {
    await #expect(throws: ExchangeError.self) {
        _ = try await ask(answering: script, deadline: deadline)
    }
}

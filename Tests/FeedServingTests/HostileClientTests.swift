import EventModel
import NIOCore
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(2)))
struct `A slow or hostile client` {
    private static let health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: Wire.available)
    func `gets 408 for a head or a body that does not come`(wire: Wire) async throws {
        try await wire.run {
            try await RunningServer.with(
                configure: {
                    $0.limits.headTime = .seconds(2)
                    $0.limits.bodyTime = .milliseconds(300)
                }
            ) { port in
                for request in [
                    "GET /heal",
                    "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 10\r\n\r\n{",
                ] {
                    try await RawClient.connect(port) { client in
                        try await client.send(request)
                        let response = try await client.response()
                        #expect(response.status == 408)
                        #expect(response["connection"] == "close")
                        #expect(try await client.isClosed())
                    }
                }
            }
        }
    }

    @Test(arguments: Wire.available)
    func `is closed when it says nothing`(wire: Wire) async throws {
        try await wire.run {
            try await RunningServer.with(
                configure: {
                    $0.limits.headTime = .milliseconds(300)
                    $0.limits.idleTime = .milliseconds(300)
                }
            ) { port in
                let isClosed = try await RawClient.connect(port) { client in
                    try await client.isClosed()
                }
                #expect(isClosed)
                try await RawClient.connect(port) { client in
                    try await client.send(Self.health)
                    #expect(try await client.response().status == 200)
                    #expect(try await client.isClosed())
                }
            }
        }
    }

    @Test(arguments: Wire.available)
    func `does not keep others waiting`(wire: Wire) async throws {
        try await wire.run {
            try await RunningServer.with { port in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            try await RawClient.connect(port) { client in
                                try await client.send("POST /events HTTP/1.1\r\nHost: a\r\nX: ")
                                _ = try await client.isClosed()
                            }
                        }
                    }
                    for _ in 0..<20 {
                        try await RawClient.connect(port) { client in
                            try await client.send(Self.health)
                            #expect(try await client.response().status == 200)
                        }
                    }
                    group.cancelAll()
                    while let result = await group.nextResult() { _ = result }
                }
            }
        }
    }

    @Test(arguments: Wire.available)
    func `gives up its place to a newcomer when there are too many`(wire: Wire) async throws {
        try await wire.run {
            try await RunningServer.with(configure: { $0.limits.connections = 3 }) { port in
                try await RawClient.connect(port) { first in
                    try await first.send(Self.health)
                    #expect(try await first.response().status == 200)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<3 {
                            try await RawClient.connect(port) { client in
                                try await client.send(Self.health)
                                #expect(try await client.response().status == 200)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test(arguments: Wire.available)
    func `is told that all places are taken by running requests`(wire: Wire) async throws {
        try await wire.run {
            let store = InMemoryEventStore()
            try await RunningServer.with(
                store,
                configure: { $0.limits.connections = 1 }
            ) { port in
                try await RawClient.connect(port) { busy in
                    try await busy.send(
                        "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
                    )
                    // From here on its connection is known to be busy.
                    #expect(try await busy.response().status == 100)
                    let status = try await RawClient.connect(port) { client in
                        try await client.send(Self.health)
                        return try await client.response().status
                    }
                    #expect(status == 503)
                }
            }
        }
    }

    @Test(arguments: Wire.available)
    func `that does not read its answer is cut off`(wire: Wire) async throws {
        try await wire.run {
            let store = InMemoryEventStore()
            try await store.append(
                (0..<8).map { _ in
                    NewEvent(
                        stream: try StreamName("a"),
                        type: try EventType("T"),
                        data: Payload(
                            [UInt8](repeating: 1, count: 1 << 20),
                            mediaType: .octetStream
                        )
                    )
                }
            )
            try await RunningServer.with(
                store,
                configure: { $0.limits.writeStall = .milliseconds(300) }
            ) { port in
                try await RawClient.connect(port, readsNothing: true) { client in
                    let request = "GET /events/1/data HTTP/1.1\r\nHost: a\r\n\r\n"
                    // The connection goes while requests are still being sent.
                    await #expect(throws: (any Error).self) {
                        while true { try await client.send(String(repeating: request, count: 50)) }
                    }
                }
            }
        }
    }
}

@Suite struct `The deadlines of a connection` {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func seconds(_ timer: ConnectionTimer) -> Int64? {
        timer.deadline.map { ($0.at - Self.start).nanoseconds / 1_000_000_000 }
    }

    @Test func `hurry the head, then the body by its size, then nobody`() {
        var timer = ConnectionTimer(limits: ServerLimits(), now: Self.start)
        #expect(seconds(timer) == 10)
        #expect(timer.deadline?.verdict == .close)
        timer.headBegan(at: Self.start + .seconds(3))
        #expect(seconds(timer) == 13)
        #expect(timer.deadline?.verdict == .refuse(seconds: 10))
        timer.headEnded(hasBody: true, at: Self.start + .seconds(4))
        #expect(seconds(timer) == 24)
        timer.bodyArrived(bytes: 32 << 10)
        #expect(seconds(timer) == 26)
        timer.bodyEnded(at: Self.start + .seconds(5))
        #expect(timer.deadline == nil)
        timer.writeBegan(at: Self.start + .seconds(6))
        timer.answered(isLast: false, at: Self.start + .seconds(6))
        #expect(seconds(timer) == 36)
        #expect(timer.deadline?.verdict == .abort)
        timer.writeEnded(at: Self.start + .seconds(7))
        #expect(seconds(timer) == 81)
        #expect(timer.deadline?.verdict == .close)
    }

    @Test func `leave a second request alone while the first one is answered`() {
        var timer = ConnectionTimer(limits: ServerLimits(), now: Self.start)
        timer.headEnded(hasBody: false, at: Self.start)
        timer.headBegan(at: Self.start)
        #expect(timer.deadline == nil)
        timer.headEnded(hasBody: true, at: Self.start)
        #expect(timer.deadline == nil)
        timer.answered(isLast: false, at: Self.start + .seconds(100))
        #expect(seconds(timer) == 120)
    }

    @Test func `give a client time to go after the last answer`() {
        var timer = ConnectionTimer(limits: ServerLimits(), now: Self.start)
        timer.headEnded(hasBody: false, at: Self.start)
        timer.writeBegan(at: Self.start)
        timer.answered(isLast: true, at: Self.start)
        #expect(seconds(timer) == 30)
        timer.writeEnded(at: Self.start + .seconds(20))
        #expect(seconds(timer) == 23)
        #expect(timer.deadline?.verdict == .abort)
    }
}

import FeedPages
import HTTPTypes
import NIOCore
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `Rendering in turns` {
    private func gate(renderings: Int = 1, bytes: Int = 1_000, wait: Duration = .seconds(60))
        -> RenderGate
    {
        var limits = ServerLimits()
        limits.cacheBytes = 0
        limits.documentBytes = bytes
        limits.renderings = renderings
        limits.renderingWait = wait
        return RenderGate(limits)
    }

    private func document(bytes: Int = 10) -> RenderedDocument {
        RenderedDocument([UInt8](repeating: 0, count: bytes), fields: [:])
    }

    /// Waits until so many stand before a gate.
    private func untilWaiting(_ count: Int, _ gate: RenderGate) async throws {
        while gate.waiting != count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func `lets in one after the other, in order`() async throws {
        let gate = gate()
        let first = Latch()
        let (order, continuation) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await gate.document {
                    continuation.yield(0)
                    try await first.wait()
                    return document()
                }
            }
            var begun = order.makeAsyncIterator()
            #expect(await begun.next(isolation: #isolation) == 0)
            for number in 1...5 {
                group.addTask {
                    _ = try await gate.document {
                        continuation.yield(number)
                        return document()
                    }
                }
                try await untilWaiting(number, gate)
            }
            first.open()
            for number in 1...5 {
                #expect(await begun.next(isolation: #isolation) == number)
            }
            try await group.waitForAll()
        }
        #expect(gate.bytes == 0)
    }

    @Test func `begins nothing while too much is on its way`() async throws {
        let gate = gate(renderings: 4)
        var held: RenderedDocument? = try await gate.document { document(bytes: 5_000) }
        #expect(gate.bytes >= 5_000)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await gate.document { document(bytes: 7) }.body.readableBytes }
            try await untilWaiting(1, gate)
            #expect(held?.body.readableBytes == 5_000)
            held = nil
            #expect(try await group.next() == 7)
        }
        #expect(gate.bytes == 0)
        #expect(gate.waiting == 0)
    }

    @Test func `gives up after a while`() async throws {
        let gate = gate(wait: .milliseconds(10))
        let held = try await gate.document { document(bytes: 5_000) }
        let error = await #expect(throws: FieldedProblem.self) {
            try await gate.document { document() }
        }
        #expect(error?.problem.kind == .overloaded)
        #expect(held.body.readableBytes == 5_000)
        #expect(gate.waiting == 0)
    }

    @Test func `gives up when it is cancelled`() async throws {
        let gate = gate()
        let held = try await gate.document { document(bytes: 5_000) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await gate.document { document() }
                }
            }
            group.cancelAll()
        }
        #expect(held.body.readableBytes == 5_000)
        #expect(gate.waiting == 0)
    }

    @Test func `gives its place back when rendering fails`() async throws {
        let gate = gate()
        for _ in 0..<3 {
            await #expect(throws: FieldedProblem.self) {
                try await gate.document { throw FieldedProblem.later(.internal, "", seconds: 1) }
            }
        }
        #expect(try await gate.document { document() }.body.readableBytes == 10)
    }

    @Test func `counts what the cache keeps, once`() async throws {
        let sample = try await Sample(events: 20)
        let target = "/feed/\(sample.epoch)/1-10.atom"
        #expect(await sample.answer("GET", target).status == 200)
        let kept = sample.responder.renders.bytes
        #expect(kept == sample.responder.cache.cost)
        #expect(await sample.answer("GET", target).status == 200)
        #expect(await sample.answer("GET", "/feed/streams/loan-1").status == 200)
        #expect(sample.responder.renders.bytes == kept)
        let gzip = await sample.answer("GET", target, [.acceptEncoding: "gzip"])
        #expect(gzip.fields[.contentEncoding] == "gzip")
        #expect(sample.responder.renders.bytes == sample.responder.cache.cost)
    }
}

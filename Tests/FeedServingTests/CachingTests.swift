import FeedPages
import HTTPTypes
import NIOCore
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `The cache of documents` {
    private struct Broken: Error {}

    @Test func `renders once however many ask at the same time`() async throws {
        let cache = DocumentCache<Int>(bytes: 1 << 20)
        let renderings = Counter()
        let gate = Latch()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await cache.document(for: 1) {
                        renderings.add(1)
                        try await gate.wait()
                        return RenderedDocument([1, 2, 3], fields: [:])
                    }.body.readableBytes
                }
            }
            group.addTask {
                while renderings.value == 0 { await Task.yield() }
                gate.open()
                return 3
            }
            for try await bytes in group { #expect(bytes == 3) }
        }
        #expect(renderings.value == 1)
    }

    @Test func `lets another one render when the first is cancelled`() async throws {
        let cache = DocumentCache<Int>(bytes: 1 << 20)
        let begun = Latch()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                await withTaskGroup(of: Void.self) { inner in
                    inner.addTask {
                        _ = try? await cache.document(for: 1) {
                            begun.open()
                            try await Latch().wait()
                            return RenderedDocument([1], fields: [:])
                        }
                    }
                    // The one who renders goes only when somebody else waits.
                    while cache.waiting(for: 1) == 0 { await Task.yield() }
                    inner.cancelAll()
                }
                return true
            }
            group.addTask {
                try await begun.wait()
                let document = try await cache.document(for: 1) {
                    RenderedDocument([1, 2], fields: [:])
                }
                return document.body.readableBytes == 2
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func `lets one who waits go without the others`() async throws {
        let cache = DocumentCache<Int>(bytes: 1 << 20)
        let gate = Latch()
        let begun = Latch()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await cache.document(for: 1) {
                    begun.open()
                    try await gate.wait()
                    return RenderedDocument([1, 2, 3], fields: [:])
                }.body.readableBytes
            }
            try await begun.wait()
            await withTaskGroup(of: Bool.self) { impatient in
                impatient.addTask {
                    do {
                        _ = try await cache.document(for: 1) { throw Broken() }
                        return false
                    } catch {
                        return error is CancellationError
                    }
                }
                while cache.waiting(for: 1) == 0 { await Task.yield() }
                impatient.cancelAll()
                for await wasCancelled in impatient { #expect(wasCancelled) }
            }
            gate.open()
            for try await bytes in group { #expect(bytes == 3) }
        }
    }

    @Test func `fails for all who waited, and tries again for the next`() async throws {
        let cache = DocumentCache<Int>(bytes: 1 << 20)
        await #expect(throws: Broken.self) {
            try await cache.document(for: 1) { throw Broken() }
        }
        let document = try await cache.document(for: 1) { RenderedDocument([1], fields: [:]) }
        #expect(document.body.readableBytes == 1)
    }

    @Test func `never costs more than its limit and forgets what is used least`() {
        var kept = LeastRecentlyUsed<Int, String>(limit: 80)
        for key in 0..<8 { kept.insert("\(key)", for: key, cost: 10) }
        #expect(kept.count == 8)
        #expect(kept.value(for: 0) == "0")
        kept.insert("8", for: 8, cost: 10)
        #expect(kept.cost == 80)
        #expect(kept.value(for: 1) == nil)
        #expect(kept.value(for: 0) == "0")
        kept.insert("again", for: 0, cost: 5)
        #expect(kept.cost == 75)
        #expect(kept.value(for: 0) == "again")
    }

    @Test func `does not keep what would push out all the rest`() {
        var kept = LeastRecentlyUsed<Int, String>(limit: 80)
        kept.insert("small", for: 1, cost: 10)
        kept.insert("large", for: 2, cost: 11)
        #expect(kept.value(for: 1) == "small")
        #expect(kept.value(for: 2) == nil)
    }

    @Test func `keeps what was asked for last among many`() {
        var kept = LeastRecentlyUsed<Int, Int>(limit: 1_000)
        for key in 0..<10_000 {
            kept.insert(key, for: key, cost: 1 + key % 7)
            #expect(kept.cost <= 1_000)
        }
        #expect(kept.value(for: 9_999) == 9_999)
        #expect(kept.value(for: 0) == nil)
    }

    @Test(arguments: [0, 1, 511, 65_536, 1_000_003])
    func `compresses so that zlib gets the same bytes back`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let packed = try Gzip.compress(ByteBuffer(bytes: bytes))
        #expect(try Inflated.bytes(of: packed) == bytes)
        #expect(packed == (try Gzip.compress(ByteBuffer(bytes: bytes))))
        // No time, no flags, operating system 255 (RFC 1952 section 2.3).
        #expect(Array(packed.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(packed[9] == 255)
    }
}

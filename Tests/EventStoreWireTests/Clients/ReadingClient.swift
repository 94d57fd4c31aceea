import Testing

/// Reads as the product's clients do: it follows links, of which it knows nothing but their
/// relations, and polls the address after whose page nothing comes.
struct ReadingClient {
    /// Links that lead round in a circle, or further than any stream of a test.
    struct NoEnd: Error {
        let target: String
    }

    /// More pages than any walk of a test has.
    private static let pageLimit = 500

    let client: WireClient
    /// How much of the events stands in the pages.
    let embed: String

    /// Everything that was read, oldest first.
    private(set) var entries: [ShownFeed.Entry] = []
    /// Where what comes next will stand.
    private(set) var newest = ""

    init(_ client: WireClient, embed: String) {
        self.client = client
        self.embed = embed
    }

    /// Reads a feed from its oldest event to its newest.
    mutating func catchUp(from target: String) async throws {
        let head = try await page(target)
        if let last = head.link("last") {
            newest = last
        } else {
            // The head is the only page.
            entries += head.entries.reversed()
            newest = try #require(head.link("previous"))
        }
        try await goOn()
    }

    /// Reads what has come since.
    mutating func goOn() async throws {
        for _ in 0..<Self.pageLimit {
            let page = try await page(newest)
            entries += page.entries.reversed()
            // Not the first empty page: one that is truncated is empty, and leads on.
            guard let next = page.link("previous") else { return }
            newest = next
        }
        throw NoEnd(target: newest)
    }

    /// Waits until something comes, and reads it.
    mutating func poll(seconds: Int) async throws {
        let page = try await page(newest, PlainField("ES-LongPoll", "\(seconds)"))
        entries += page.entries.reversed()
        if let next = page.link("previous") { newest = next }
    }

    /// Reads a feed from its newest event to its oldest.
    func backwards(from target: String) async throws -> [ShownFeed.Entry] {
        var read: [ShownFeed.Entry] = []
        var next = target
        for _ in 0..<Self.pageLimit {
            let page = try await page(next)
            read += page.entries
            guard let older = page.link("next") else { return read }
            next = older
        }
        throw NoEnd(target: next)
    }

    private func page(_ target: String, _ fields: PlainField...) async throws -> ShownFeed {
        let answer = try await client.send(
            "GET",
            "\(target)?embed=\(embed)",
            [.accept(WireType.atomJSON)] + fields
        )
        try #require(answer.status == 200, "\(target): \(answer.status) \(answer.reason)")
        return try ShownFeed(answer)
    }
}

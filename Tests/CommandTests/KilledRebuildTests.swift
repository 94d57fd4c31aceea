import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A rebuild that is killed` {
    private static let orders = 2_000
    private static let rounds = 20

    /// The revision of the model, its rows, and what they sum up to.
    private static let look = """
        SELECT min(model), max(model), count(*), sum(amount),
            (SELECT count(*) FROM pragma_table_info('item')) FROM item
        """

    private static func seen(revision: Int) -> String {
        "\(revision)|\(revision)|\(orders)|\(4 * orders)|\(revision.isMultiple(of: 2) ? 6 : 5)"
    }

    @Test(arguments: [UInt64(20_261_125)])
    func `leaves the whole old model or the whole new one, and the next one succeeds`(seed: UInt64)
        async throws
    {
        var random = SeededGenerator(seed: seed)
        try await Workshop.with(Tabs.lines(orders: Self.orders)) { shop in
            func projection(_ revision: Int) throws -> String {
                try shop.projection(Tabs.projection(revision: revision), "\(revision).sql")
            }
            let built = try await shop.catchUp("--projection", try projection(1))
            try #require(built.status == 0, "\(built.error)")
            // The first is not killed: it says how long the others would take.
            var whole = try await timed(shop, try projection(2))
            var revision = 2
            var killed = (building: 0, swapping: 0)

            let readers = try await OpenReader.watching(
                shop.file,
                [Self.look, Self.look],
                // Whoever was killed may leave the log to be recovered.
                patience: 20
            ) {
                for round in 0..<Self.rounds {
                    let next = try projection(revision + 1)
                    let isLate = round.isMultiple(of: 2)
                    let moment =
                        (isLate ? whole.swapping : whole.building)
                        * Double.random(in: 0...1, using: &random)
                    let wasKilled = try await kill(
                        at: moment,
                        afterRequest: isLate,
                        rebuilding: shop.file,
                        with: next
                    )

                    let checked = try await shop.rows("PRAGMA integrity_check")
                    #expect(checked == ["ok"], "round \(round) of seed \(seed)")
                    let rows = try await shop.rows(Self.look)
                    let isNew = rows == [Self.seen(revision: revision + 1)]
                    #expect(
                        isNew || wasKilled && rows == [Self.seen(revision: revision)],
                        "round \(round) of seed \(seed): \(rows)"
                    )
                    if isNew { revision += 1 }
                    // One that was faster than the first says that the moments come too late.
                    switch (wasKilled, isLate) {
                    case (true, true): killed.swapping += 1
                    case (true, false): killed.building += 1
                    case (false, true): whole.swapping /= 2
                    case (false, false): whole.building /= 2
                    }
                }
                let last = try await timed(shop, try projection(revision + 1))
                #expect(last.building > .zero)
                revision += 1
            }

            for seen in readers {
                #expect(seen == (2...revision).map { Self.seen(revision: $0) })
            }
            #expect(killed.building >= 3 && killed.swapping >= 3, "\(killed)")
            let followed = try await shop.catchUp("--projection", try projection(revision))
            #expect(followed.status == 0, "\(followed.error)")
        }
    }

    /// Rebuilds without being killed, and says how long both of its parts took.
    private func timed(_ shop: Workshop, _ projection: String) async throws
        -> (building: Duration, swapping: Duration)
    {
        let start = ContinuousClock.now
        let arguments = ["rebuild", shop.file, "--projection", projection]
        return try await Child.with(arguments) { rebuild in
            try await request(of: rebuild, for: shop.file)
            let request = ContinuousClock.now
            let outcome = try await rebuild.outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
            return (start.duration(to: request), request.duration(to: .now))
        }
    }

    /// Rebuilds and ends that at a moment; true if it had not ended by then.
    private func kill(
        at moment: Duration,
        afterRequest isLate: Bool,
        rebuilding file: String,
        with projection: String
    ) async throws -> Bool {
        try await Child.with(["rebuild", file, "--projection", projection]) { rebuild in
            if isLate { try await request(of: rebuild, for: file) }
            try await Task.sleep(for: moment)
            rebuild.send(SIGKILL)
            let outcome = try await rebuild.outcome()
            #expect(outcome.status == 0 || outcome.status == -SIGKILL, "\(outcome.error)")
            return outcome.status != 0
        }
    }

    /// Waits until a rebuild asks for the file, or has ended.
    private func request(of rebuild: Child, for file: String) async throws {
        try await eventually("the request of process \(rebuild.id)", within: .seconds(60)) {
            !rebuild.isRunning || LockFile.holder(of: file + ".takeover") == rebuild.id
        }
    }
}

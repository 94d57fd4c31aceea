import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Subscribe --metrics` {
    /// The values of a text in the exposition format, by the names of their metrics.
    ///
    /// - Throws: ``NotMetrics`` for a text that is not a whole one.
    private static func values(of text: String, subscription: String) throws -> [String: Double] {
        let label = subscription.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        var values: [String: Double] = [:]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard text.hasSuffix("\n"), lines.popLast() == "" else { throw NotMetrics(text: text) }
        while let help = lines.popFirst() {
            let words = help.split(separator: " ", maxSplits: 3)
            guard words.count == 4, words[0] == "#", words[1] == "HELP",
                let type = lines.popFirst(), let sample = lines.popFirst(),
                ["gauge", "counter"].contains(where: { type == "# TYPE \(words[2]) \($0)" }),
                type.hasSuffix("counter") == words[2].hasSuffix("_total"),
                sample.hasPrefix("\(words[2]){subscription=\"\(label)\"} "),
                let value = Double(sample.split(separator: " ").last ?? ""),
                values.updateValue(value, forKey: String(words[2])) == nil
            else { throw NotMetrics(text: text) }
        }
        return values
    }

    /// A text that Prometheus would not take, or a part of one.
    private struct NotMetrics: Error {
        let text: String
    }

    @Test func `keep a file that is whole at every look, with the right values at the end`()
        async throws
    {
        try await Workshop.with(Tabs.lines(orders: 3_000)) { shop in
            // A name that has to be escaped.
            let model = shop.folder.path(#"mo"del\1.db"#)
            let file = shop.folder.path("eventfeed.prom")
            let start = Date.now.timeIntervalSince1970
            let arguments = [
                "subscribe", shop.server.url, "--into", model, "--projection",
                try shop.projection(Tabs.projection()), "--every", "100ms..400ms", "--batch", "20",
                "--metrics", file, "--log-level", "error",
            ]
            func look() throws -> [String: Double]? {
                guard let data = FileManager.default.contents(atPath: file) else { return nil }
                return try Self.values(
                    of: String(decoding: data, as: UTF8.self),
                    subscription: model
                )
            }
            func value(_ name: String) throws -> Double {
                try #require(try look()?["eventfeed_subscription_\(name)"], "\(name)")
            }
            try await Child.with(arguments) { follower in
                var checkpoint = 0.0
                try await eventually("the last event", within: .seconds(60)) {
                    guard let values = try look() else { return false }
                    let next = try #require(values["eventfeed_subscription_checkpoint"])
                    #expect(next >= checkpoint)
                    checkpoint = next
                    return checkpoint == 3_001
                }
                try await shop.append(Tabs.order("soup", tab: 1))
                let waited = try await Command.run("wait-for", "3002", model, "--timeout", "1m")
                #expect(waited.status == 0, "\(waited.error)")
                follower.send(SIGTERM)
                #expect(try await follower.outcome().status == 0)
            }

            #expect(try value("checkpoint") == 3_002 && value("head") == 3_002)
            #expect(try value("lag_events") == 0 && value("events_applied_total") == 3_002)
            #expect(try value("consecutive_failures") == 0 && value("failures_total") == 0)
            #expect(try value("parked_events") == 0)
            // 151 batches with 20 events each, one with one, and perhaps some without.
            #expect(try value("rounds_total") >= 152)
            // The longest pause, which an alarm has to allow for.
            #expect(try value("poll_interval_seconds") == 0.4)
            for name in ["last_success_timestamp_seconds", "last_event_timestamp_seconds"] {
                // Appended before the start was noted, but not long before.
                #expect(try abs(value(name) - start) < 120)
            }
            let leftovers = try FileManager.default.contentsOfDirectory(
                atPath: shop.folder.url.path(percentEncoded: false)
            ).filter { $0.hasSuffix(".part") }
            #expect(leftovers.isEmpty, "\(leftovers)")
        }
    }

    @Test func `count failures and what is parked`() async throws {
        let lines = Tabs.price("soup", 4) + Tabs.order("cake", tab: 1) + Tabs.order("soup", tab: 1)
        try await Workshop.with(lines) { shop in
            let file = shop.folder.path("eventfeed.prom")
            let projection = try shop.projection(Tabs.projection())

            let stopped = try await shop.catchUp(
                "--projection",
                projection,
                "--on-failure",
                "retry=2",
                "--metrics",
                file
            )
            let failed = try Self.values(
                of: try shop.folder.contents("eventfeed.prom"),
                subscription: shop.file
            )
            let parked = try await shop.catchUp(
                "--projection",
                projection,
                "--on-failure",
                "park",
                "--metrics",
                file
            )
            let aside = try Self.values(
                of: try shop.folder.contents("eventfeed.prom"),
                subscription: shop.file
            )

            #expect(stopped.status == 70 && parked.status == 79, "\(parked.error)")
            #expect(failed["eventfeed_subscription_checkpoint"] == 0)
            #expect(failed["eventfeed_subscription_failures_total"] == 3)
            #expect(failed["eventfeed_subscription_consecutive_failures"] == 3)
            #expect(failed["eventfeed_subscription_last_success_timestamp_seconds"] == nil)
            #expect(aside["eventfeed_subscription_parked_events"] == 2)
            #expect(aside["eventfeed_subscription_checkpoint"] == 3)
        }
    }

    @Test func `refuse a file that cannot be written, at the start`() async throws {
        try await Workshop.with(Tabs.lines(orders: 3)) { shop in
            let refused = try await shop.catchUp(
                "--metrics",
                shop.folder.path("nowhere/eventfeed.prom")
            )

            #expect(refused.status == 74)
            #expect(refused.error.contains("nowhere/eventfeed.prom"), "\(refused.error)")
            #expect(try await shop.status().checkpoint == 0)
        }
    }
}

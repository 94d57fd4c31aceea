import EventModel
import Subscriptions

/// What a pace costs with a feed, beside other paces.
struct PaceExplanation {
    let address: String
    let schedule: PollingSchedule
    let feed: FeedMeasurement

    /// How long an answer is held with `--wait`.
    private static let wait = Duration.seconds(30)

    /// A few lines for people.
    var text: String {
        var lines = [
            "\(TerminalText.escaped(address)): head \(Quantity.grouped(feed.head.rawValue)), "
                + "\(Quantity.grouped(feed.arrivals.times.count)) events in the last "
                + "\(Quantity.time(feed.arrivals.window)), "
                + "\(number(feed.arrivals.perSecond * 86_400)) a day at this rate"
        ]
        if let sizes = feed.sizes {
            lines += [
                "Measured now, requests and answers with their headers, without TCP and TLS: "
                    + "\(bytes(sizes.unchanged)) without news, "
                    + "\(bytes(sizes.base + sizes.perEvent)) with one event, "
                    + "\(bytes(sizes.perEvent)) each further one",
                "",
            ]
        } else {
            lines += ["A folder or a file costs no requests: it is looked at.", ""]
        }
        lines += table(rows)
        if schedule.wait != nil, !feed.holdsAnswers {
            lines.append("This feed does not hold its answers: --wait has no effect.")
        }
        return lines.joined(separator: "\n")
    }

    /// The chosen pace first, then others that may suit as well.
    private var paces: [(name: String, schedule: PollingSchedule)] {
        var chosen = schedule
        if !feed.holdsAnswers || feed.sizes == nil {
            chosen = PollingSchedule(every: schedule.interval...schedule.longestInterval)
        }
        var paces = [(name(of: schedule), chosen)]
        let shortest = schedule.interval
        if schedule.isAdaptive {
            paces.append(
                ("--every \(PollingSchedule(every: shortest))", PollingSchedule(every: shortest))
            )
        } else if schedule.wait == nil {
            let adaptive = PollingSchedule(every: shortest...shortest * 15)
            if adaptive.isAdaptive { paces.append(("--every \(adaptive)", adaptive)) }
        } else {
            paces.append(("--every 2s", .standard))
        }
        if chosen.wait == nil, feed.holdsAnswers, feed.sizes != nil {
            paces.append(
                ("--wait", PollingSchedule(every: .milliseconds(100), wait: Self.wait))
            )
        }
        return paces
    }

    private func name(of schedule: PollingSchedule) -> String {
        "--every \(schedule)" + (schedule.wait == nil ? "" : " --wait")
    }

    private var rows: [[String]] {
        let heads =
            feed.sizes == nil
            ? ["", "looks/day", "without news", "mean delay"]
            : ["", "requests/day", "without news", "bytes/day", "mean delay"]
        return [heads]
            + paces.enumerated().map { index, pace in
                let cost = PollingCost(
                    of: pace.schedule,
                    for: feed.arrivals,
                    eventsPerRequest: feed.eventsPerRequest
                )
                let name = pace.name + (index == 0 ? " (chosen)" : "")
                let delay = Quantity.time(cost.meanDelay)
                guard let sizes = feed.sizes else {
                    return [name, number(cost.requests), number(cost.emptyRequests), delay]
                }
                return [
                    name, number(cost.requests(with: sizes)), number(cost.emptyRequests),
                    bytes(cost.bytes(with: sizes)), delay,
                ]
            }
    }

    /// Rows as lines: the first column to the left, all others to the right.
    private func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + padding : padding + text
            }.joined(separator: "  ")
        }
    }

    private func number(_ value: Double) -> String { Quantity.grouped(Int64(value.rounded())) }

    private func bytes(_ value: Double) -> String { Quantity.bytes(Int64(value.rounded())) }
}

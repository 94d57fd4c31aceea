import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `What a pace costs in a day` {
    private func cost(
        _ schedule: PollingSchedule,
        _ times: [Double],
        within window: Double = 86_400,
        eventsPerRequest: Int = 100
    ) -> PollingCost {
        PollingCost(
            of: schedule,
            for: EventArrivals(times.map { .seconds($0) }, within: .seconds(window)),
            eventsPerRequest: eventsPerRequest
        )
    }

    private func isNear(_ value: Double, _ expected: Double, by part: Double = 0.01) -> Bool {
        (value - expected).magnitude <= expected.magnitude * part + 1e-6
    }

    @Test(arguments: [0.1, 2, 60, 3_600, 86_400])
    func `is a request each interval, half of which an event waits`(interval: Double) {
        let cost = cost(PollingSchedule(every: .seconds(interval)), [])

        #expect(isNear(cost.requests, 86_400 / interval))
        #expect(cost.emptyRequests == cost.requests && cost.events == 0)
        #expect(isNear(cost.meanDelay / .seconds(1), interval / 2))
    }

    @Test func `counts what a poll finds, wherever between two polls it came`() {
        // Each ten seconds an event, and three at once some polls later.
        let cost = cost(PollingSchedule(every: .seconds(2)), [1, 5, 5, 5], within: 10)

        #expect(isNear(cost.requests, 43_200))
        #expect(isNear(cost.fullRequests, 17_280))
        #expect(isNear(cost.firstEmptyRequests, 17_280))
        #expect(isNear(cost.events, 34_560))
        #expect(isNear(cost.meanDelay / .seconds(1), 1, by: 0.05))
    }

    @Test func `needs more requests where more came than one answer brings`() {
        let burst = (0..<250).map { 1 + Double($0) * 0.001 }

        let cost = cost(PollingSchedule(every: .seconds(60)), burst, within: 3_600)

        #expect(isNear(cost.fullRequests, 24 * 3, by: 0.05))
        #expect(isNear(cost.emptyRequests, 24 * 59))
    }

    @Test func `is one request for each event and each wait where answers are held`() {
        let schedule = PollingSchedule(every: .milliseconds(100), wait: .seconds(30))

        let quiet = cost(schedule, [])
        let busy = cost(schedule, [10], within: 20)

        #expect(isNear(quiet.requests, 2_880))
        #expect(isNear(busy.fullRequests, 4_320) && isNear(busy.emptyRequests, 0))
        #expect(busy.meanDelay < .milliseconds(1))
        #expect(quiet.meanDelay < .milliseconds(1))
    }

    @Test func `is that of the longest interval where nothing comes, and more while events do`() {
        let schedule = PollingSchedule(every: .seconds(1)...Duration.seconds(30))
        let shortest = cost(PollingSchedule(every: .seconds(1)), [])
        let longest = cost(PollingSchedule(every: .seconds(30)), [])

        let quiet = cost(schedule, [])
        let busyHour = cost(schedule, (0..<3_600).map { Double($0) + 0.5 })
        let always = cost(schedule, [0.5], within: 1)

        #expect(isNear(quiet.requests, longest.requests))
        #expect(isNear(busyHour.requests, 3_600 + 23 * 120, by: 0.05))
        #expect(isNear(always.requests, shortest.requests, by: 0.1))
        #expect(isNear(always.meanDelay / .seconds(1), 0.5, by: 0.1))
    }

    @Test func `is the sum of what was measured`() {
        let sizes = PollingCost.Sizes(
            firstEmpty: 1_000,
            unchanged: 100,
            base: 2_000,
            perEvent: 500,
            requestsPerEvent: 0.5
        )
        let cost = cost(PollingSchedule(every: .seconds(3_600)), [10, 20], eventsPerRequest: 1)

        // The two events in two answers, after each time that brought some one that brought none.
        #expect(isNear(cost.fullRequests, 2, by: 0.06) && isNear(cost.emptyRequests, 23, by: 0.06))
        #expect(cost.firstEmptyRequests == cost.fullRequests)
        #expect(cost.requests(with: sizes) == cost.requests + 1)
        let parts: [Double] = [
            cost.firstEmptyRequests * 1_000, (cost.emptyRequests - cost.firstEmptyRequests) * 100,
            cost.fullRequests * 2_000, 2 * 500,
        ]
        #expect(isNear(cost.bytes(with: sizes), parts.reduce(0, +), by: 1e-9))
    }

    @Test func `leaves out what is outside the window`() {
        let arrivals = EventArrivals(
            [.seconds(-1), .seconds(5), .seconds(2), .seconds(10)],
            within: .seconds(10)
        )

        #expect(arrivals.times == [.seconds(2), .seconds(5)])
        #expect(arrivals.perSecond == 0.2)
        #expect(EventArrivals([], within: .zero).window == .seconds(1))
    }
}

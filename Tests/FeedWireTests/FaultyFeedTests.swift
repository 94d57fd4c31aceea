import EventModel
import FeedReading
import FoundationEssentials
import HTTPTypes
import Subscriptions
import Testing

@testable import EventTesting

@Suite(.timeLimit(.minutes(2)))
struct `A feed with faults` {
    @Test(arguments: EventSourceContract.cases)
    func `keeps the contract of event sources while it has none`(_ promise: EventSourceContract)
        async throws
    {
        try await promise.run { store, use in
            try await FaultyFeed.with(store) { feed in
                try await FeedClient.withClient(
                    of: try FeedLocation(feed.address),
                    logger: LiveServer.logger
                ) { try await use($0) }
            }
        }
    }

    @Test(arguments: [
        "/feed", "/feed.atom", "/feed.json", "/feed.ndjson", "/feed?after=0", "/feed.atom?after=40",
        "/feed.atom?after=45&limit=7", "/feed.atom?after=3&limit=7&stream=tab-1", "/feed?wait=1",
        "/feed/EPOCH/1-10.atom", "/feed/EPOCH/31-40.json", "/feed/EPOCH/11-20.ndjson",
        "/feed/EPOCH/41-50.atom", "/feed/EPOCH/51-60.atom", "/feed/EPOCH/2-11.atom",
        "/feed/000000000000/1-10.atom", "/feed/EPOCH/data/4", "/feed/EPOCH/data/5",
        "/feed/EPOCH/nothing", "/feed.atom?after=46", "/feed.atom?after=x", "/nothing",
    ])
    func `answers as a server does, field by field and byte by byte`(target: String) async throws {
        let store = try await HostileHistory.store()
        let target = target.replacing("EPOCH", with: store.identity.epoch.shortForm)
        try await LiveServer.run(store) { server in
            try await FaultyFeed.with(store) { feed in
                let root = feed.address.dropLast("/feed".count)
                let expected = try await Self.answer(server.dropLast() + target)
                let actual = try await Self.answer(root + target)

                #expect(actual.status == expected.status)
                #expect(actual.body == expected.body)
                #expect(Self.fields(actual) == Self.fields(expected))
                if let tag = actual.fields[.eTag] {
                    let again = try await Self.answer(root + target, [.ifNoneMatch: tag])
                    let there = try await Self.answer(
                        server.dropLast() + target,
                        [.ifNoneMatch: tag]
                    )
                    #expect(again.status == 304 && there.status == 304)
                    #expect(Self.fields(again) == Self.fields(there))
                }
            }
        }
    }

    @Test func `has a name for every fault, and every fault changes the answer`() async throws {
        let names = Fault.catalogue.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Fault.named("a slow body")?.reported(at: .page) == .timedOut)
        let publication = Publication(store: try await HostileHistory.store())
        let epoch = publication.store.identity.epoch.shortForm
        let targets: [Fault.Place: String] = [
            .head: "/feed", .page: "/feed/\(epoch)/1-10.atom",
            .after: "/feed.atom?after=40&limit=10",
            .value: "/feed/\(epoch)/data/4",
        ]
        for (place, target) in targets {
            let request = ScriptedServer.Request(
                method: "GET",
                target: target,
                fields: [(name: "Host", value: "127.0.0.1:1")],
                body: []
            )
            let right = await publication.answer(to: request)
            #expect(right.status == 200)
            for fault in Fault.catalogue where fault.places.contains(place) {
                let steps = await fault.strike(request, at: place, of: publication)
                #expect(steps != [right.step], "\(fault) for the \(place)")
            }
        }
    }

    @Test func `strikes where and when it is told to`() async throws {
        let store = try await HostileHistory.store()
        let epoch = store.identity.epoch.shortForm
        let page = "/feed/\(epoch)/1-10.atom"
        let faults = [
            FaultInjection(.status(500), at: [.page], when: .request(2)),
            FaultInjection(.status(502), at: [.page, .head], when: .first(3)),
            FaultInjection(.status(503), when: .random(seed: 1, oneIn: 1, strikes: 2)),
        ]
        try await FaultyFeed.with(store, faults: faults) { feed in
            let root = feed.address.dropLast("/feed".count)
            var statuses: [Int] = []
            for target in [page, page, "/feed", page, page, "/feed", page, "/nothing"] {
                statuses.append(try await Self.answer(root + target).status)
            }

            #expect(statuses == [502, 500, 502, 503, 503, 200, 200, 404])
            #expect(feed.strikeCount == 5)
            #expect(feed.requests.map(\.place).suffix(2) == [.page, nil])

            feed.inject([])
            #expect(try await Self.answer(root + page).status == 200)
        }
    }

    private static func answer(_ address: some StringProtocol, _ fields: HTTPFields = [:])
        async throws -> HTTPExchangeAnswer
    {
        try await AsyncHTTPTransport.withTransport(logger: LiveServer.logger) { transport in
            try await transport.send(
                HTTPExchangeRequest(
                    method: .get,
                    address: try #require(URL(string: String(address))),
                    fields: fields,
                    bodyLimit: 1 << 20
                )
            )
        }
    }

    /// The fields but those that belong to the connection, sorted.
    private static func fields(_ answer: HTTPExchangeAnswer) -> [String] {
        answer.fields.filter { ![.date, .contentLength, .connection].contains($0.name) }
            .map { "\($0.name.canonicalName): \($0.value)" }.sorted()
    }
}

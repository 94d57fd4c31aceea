import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `Reading the feed` {
    @Test(arguments: [0, 1, 9, 10, 11, 20, 25])
    func `gives the head document newest first, from the last complete page on`(
        events: Int
    ) async throws {
        let sample = try await Sample(events: events)
        let response = await sample.answer("GET", "/feed.json")
        #expect(response.status == 200)
        #expect(response.fields[.cacheControl] == "no-cache")
        #expect(response.fields[.vary] == "Accept-Encoding")
        #expect(response.fields[.eventFeedHead] == "\(events)")
        let after = events == 0 ? 0 : events % 10 == 0 ? events - 10 : events / 10 * 10
        #expect(response.fields[.eventFeedAfter] == "\(after)")
        #expect(response.fields[.contentLocation] == nil)
        #expect(numbers(in: response) == Array((after + 1)..<(events + 1)).reversed())
    }

    @Test func `gives what comes after a number, oldest first`() async throws {
        let sample = try await Sample(events: 25)
        let response = await sample.answer(
            "GET",
            "/feed?after=3&limit=4",
            [.accept: "application/json"]
        )
        #expect(response.status == 200)
        #expect(numbers(in: response) == [4, 5, 6, 7])
        #expect(response.fields[.vary] == "Accept, Accept-Encoding, Prefer")
        #expect(response.fields[.contentLocation] == "/feed.json?after=3&limit=4")
        #expect(response.fields[.eventFeedScannedTo] == "7")
        let end = await sample.answer("GET", "/feed.json?after=25")
        #expect(end.status == 200)
        #expect(numbers(in: end) == [])
        #expect(end.fields[.eventFeedScannedTo] == "25")
        let beyond = await sample.answer("GET", "/feed.json?after=26&wait=60")
        #expect(beyond.status == 404)
        #expect(beyond.fields[.cacheControl] == "no-store")
        #expect(beyond.problem == .afterHead)
    }

    @Test func `gives only what a filter matches, and says how far it looked`() async throws {
        let sample = try await Sample(events: 25)
        let response = await sample.answer("GET", "/feed.json?stream=loan-1&type=Type1&limit=2")
        #expect(numbers(in: response) == [1, 7])
        #expect(response.fields[.eventFeedScannedTo] == "7")
        #expect(response.fields[.eventFeedFilter] == "stream=loan-1&type=Type1")
        let none = await sample.answer("GET", "/feed.json?type=Nothing")
        #expect(numbers(in: none) == [])
        #expect(none.fields[.eventFeedScannedTo] == "25")
    }

    @Test(arguments: [
        ("1-10", 200), ("11-20", 200), ("21-30", 307), ("31-40", 404), ("2-11", 404),
        ("1-9", 404), ("0-9", 404),
    ])
    func `gives complete pages for ever and sends the others on`(
        range: String,
        status: Int
    ) async throws {
        let sample = try await Sample(events: 20)
        let response = await sample.answer("GET", "/feed/\(sample.epoch)/\(range).ndjson")
        #expect(response.status == status)
        switch status {
        case 200:
            #expect(response.fields[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(response.fields[.eventFeedFirst] == String(range.prefix { $0 != "-" }))
            #expect(response.bytes.filter { $0 == 0x0A }.count == 10)
        case 307:
            #expect(response.fields[.cacheControl] == "no-store")
            #expect(response.fields[.location] == "../../feed.ndjson?after=20")
        default:
            #expect(response.fields[.cacheControl] == "no-store")
            #expect(response.problem == .noSuchPage)
        }
    }

    @Test func `leads people from a plain page to the one that never changes`() async throws {
        let sample = try await Sample(events: 15)
        let page = await sample.answer("GET", "/feed/1-10", [.accept: "application/json"])
        #expect(page.status == 307)
        #expect(page.fields[.location] == "/feed/\(sample.epoch)/1-10.json")
        #expect(page.fields[.vary] == "Accept, Accept-Encoding")
        #expect(page.fields[.cacheControl] == "no-cache")
        let filling = await sample.answer("GET", "/feed/11-20")
        #expect(filling.fields[.location] == "/feed.atom?after=10")
        #expect(filling.fields[.cacheControl] == "no-store")
        let other = await sample.answer("GET", "/feed/5-14")
        #expect(other.fact("page") == .text("/feed/1-10"))
    }

    @Test func `refuses the pages of another history`() async throws {
        let sample = try await Sample(events: 10)
        for target in ["/feed/000000000000/1-10.atom", "/feed/000000000000/x/y"] {
            let response = await sample.answer("GET", target)
            #expect(response.status == 404)
            #expect(response.problem == .anotherEpoch)
            #expect(response.fields[.cacheControl] == "no-store")
        }
        let same = await sample.answer("GET", "/feed/\(sample.epoch)/x/y")
        #expect(same.problem == .notFound)
    }

    @Test(arguments: ["atom", "json", "ndjson"])
    func `gives a stream by version`(form: String) async throws {
        let sample = try await Sample(events: 25)
        let newest = await sample.answer("GET", "/feed/streams/loan-1?form=\(form)&limit=3")
        #expect(newest.status == 200)
        #expect(newest.fields[.eventFeedVersion] == "9")
        #expect(newest.fields[.eventFeedAfter] == "16")
        #expect(newest.fields[.eventFeedScannedTo] == "25")
        #expect(newest.fields[.eTag]?.hasPrefix("\"9-") == true)
        let older = await sample.answer(
            "GET",
            "/feed/streams/loan-1?form=\(form)&before=7&limit=2"
        )
        #expect(older.fields[.eventFeedAfter] == "10")
        #expect(older.fields[.eventFeedScannedTo] == "16")
        let oldest = await sample.answer("GET", "/feed/streams/loan-1?form=\(form)&before=1")
        #expect(oldest.fields[.eventFeedAfter] == "0")
        #expect(oldest.fields[.eventFeedScannedTo] == "0")
        let caughtUp = await sample.answer("GET", "/feed/streams/loan-1?form=\(form)&after=9")
        #expect(caughtUp.fields[.eventFeedAfter] == "25")
        #expect(caughtUp.fields[.eventFeedScannedTo] == "25")
    }

    @Test func `says which stream or version there is not`() async throws {
        let sample = try await Sample(events: 5)
        #expect(await sample.answer("GET", "/feed/streams/nobody").problem == .noSuchStream)
        #expect(await sample.answer("GET", "/feed/streams/loan-1?after=3").problem == .afterVersion)
        #expect(await sample.answer("GET", "/feed/streams/%2E%2E").status == 400)
        #expect(await sample.answer("GET", "/feed/streams/loan-1?before=0").status == 400)
    }

    @Test func `gives single events and their values`() async throws {
        let sample = try await Sample(events: 5)
        let event = await sample.answer("GET", "/events/2")
        #expect(event.status == 200)
        #expect(event.fields[.contentType] == "application/atom+xml;type=entry")
        #expect(event.fields[.contentLocation] == "/events/2.atom")
        #expect(event.fields[.eventFeedHead] == nil)
        #expect(event.fields[.eventFeedAfter] == "1")
        let data = await sample.answer("GET", "/events/2/data")
        #expect(data.text.hasPrefix("{\"number\":2"))
        #expect(data.fields[.contentType] == "application/json")
        #expect(data.fields[.contentSecurityPolicy] == "sandbox")
        #expect(data.fields[.xContentTypeOptions] == "nosniff")
        #expect(await sample.answer("GET", "/events/2/metadata").problem == .noMetadata)
        #expect(await sample.answer("GET", "/events/0").problem == .noSuchEvent)
        #expect(await sample.answer("GET", "/events/6.json").problem == .noSuchEvent)
        #expect(await sample.answer("GET", "/events/2.ndjson").problem == .notFound)
    }

    @Test func `finds the number before an instant`() async throws {
        let sample = try await Sample(events: 5)
        let response = await sample.answer(
            "GET",
            "/feed.json?since=2020-01-01T00:00:00%2B01:00&limit=3"
        )
        #expect(response.status == 307)
        #expect(response.fields[.location] == "/feed.json?after=0&limit=3")
        #expect(response.fields[.cacheControl] == "no-store")
        let later = await sample.answer("GET", "/feed?since=2999-01-01T00:00:00Z")
        #expect(later.fields[.location] == "/feed.atom?after=5")
    }

    /// The numbers of the events in a JSON document, in order.
    private func numbers(in response: FeedResponse) -> [Int] {
        response.text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("{\"number\":") else { return nil }
            return Int(line.dropFirst(10).prefix { $0 != "," })
        }
    }
}

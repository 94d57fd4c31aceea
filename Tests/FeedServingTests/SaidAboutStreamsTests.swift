import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A stream about which something is said` {
    private static let path = "/feed/streams/loan-1"

    /// `loan-1` has the versions 1 to 9 as the events 1, 4, … 25; event 26 says something about it.
    private func sample(saying text: String) async throws -> Sample {
        let sample = try await Sample(events: 25)
        await say(text, sample)
        return sample
    }

    private func say(_ text: String, _ sample: Sample) async {
        let answer = await sample.post(
            "/events",
            [.contentType: "application/x-ndjson"],
            "{\"stream\":\"$$loan-1\",\"type\":\"$metadata\",\"data\":\(text)}"
        )
        #expect(answer.status == 201)
    }

    private func append(_ expected: String, _ sample: Sample) async -> FeedResponse {
        await sample.post(
            "/events",
            [.contentType: "application/x-ndjson"],
            """
            {"stream":"x","type":"T","data":1}
            {"stream":"loan-1","type":"T","data":1,"expect":\(expected)}
            """
        )
    }

    @Test(arguments: [FeedForm.atom, .json])
    func `is read from its first live version on`(form: FeedForm) async throws {
        let sample = try await sample(saying: "{\"$tb\":4}")
        for query in ["after=0", "after=2", "after=4", "before=99&limit=5", "limit=5"] {
            let answer = await sample.answer("GET", "\(Self.path)?form=\(form)&\(query)")
            #expect(answer.status == 200)
            let feed = try ParsedFeed.parse(answer.bytes, form)
            #expect(feed.entries.map(\.version.rawValue).sorted() == [5, 6, 7, 8, 9], "\(query)")
            // Version 4 is event 10 and is not read; version 5 is event 13.
            #expect(answer.fields[.eventFeedAfter] == "12")
            #expect(answer.fields[.eventFeedScannedTo] == "26")
            #expect(answer.fields[.eventFeedVersion] == "9")
            #expect(answer.fields[.eventFeedMetadataVersion] == "1")
            #expect(answer.fields[.link]?.contains("rel=\"next\"") == false)
        }
        let later = await sample.answer("GET", "\(Self.path)?form=\(form)&after=6&limit=2")
        #expect(later.fields[.eventFeedAfter] == "16")
        #expect(later.fields[.eventFeedScannedTo] == "22")
        #expect(later.fields[.link]?.contains("before=7&limit=2>; rel=\"next\"") == true)
    }

    @Test(arguments: [FeedForm.atom, .json])
    func `may have nothing to read at all`(form: FeedForm) async throws {
        let sample = try await sample(saying: "{\"$tb\":9}")
        for (query, scannedTo) in [
            ("limit=5", "26"), ("after=0", "26"), ("after=9", "26"), ("before=7", "0"),
        ] {
            let answer = await sample.answer("GET", "\(Self.path)?form=\(form)&\(query)")
            #expect(answer.status == 200)
            #expect(try ParsedFeed.parse(answer.bytes, form).entries.isEmpty)
            #expect(answer.fields[.eventFeedAfter] == "0")
            #expect(answer.fields[.eventFeedScannedTo] == scannedTo)
            #expect(answer.fields[.link]?.contains("rel=\"next\"") == false)
        }
    }

    @Test func `has another entity tag once something else is read`() async throws {
        let sample = try await Sample(events: 25)
        let before = await sample.answer("GET", Self.path)
        #expect(before.fields[.eventFeedMetadataVersion] == nil)
        await say("{\"$maxCount\":2}", sample)
        let after = await sample.answer("GET", Self.path)
        let tag = try #require(after.fields[.eTag])
        #expect(tag.hasPrefix("\"9-") && tag != before.fields[.eTag])
        #expect(await sample.answer("GET", Self.path, [.ifNoneMatch: tag]).status == 304)
    }

    @Test func `is no such stream while it is deleted`() async throws {
        let sample = try await sample(saying: "{\"$tb\":9223372036854775807}")
        let gone = await sample.answer("GET", Self.path)
        #expect(gone.status == 404)
        #expect(gone.problem == .streamDeleted)
        #expect(gone.fact("version") == .number(9))
        #expect(gone.fact("metadataVersion") == .number(1))
        let refused = await append("\"exists\"", sample)
        #expect(refused.status == 404)
        #expect(refused.problem == .streamDeleted)
        #expect(refused.fact("line") == .number(2))
        #expect(refused.fact("stream") == .text("loan-1"))
        let feed = await sample.answer("GET", "/feed.json?after=0&stream=loan-1")
        #expect(try ParsedFeed.parse(feed.bytes, .json).entries.count == 9)

        let opened = await append("\"none\"", sample)
        #expect(opened.status == 201)
        #expect(opened.text.contains("\"loan-1\":10"))
        let back = await sample.answer("GET", "\(Self.path)?form=json")
        let entries = try ParsedFeed.parse(back.bytes, .json).entries
        #expect(entries.map(\.version.rawValue) == [10])
        #expect(back.fields[.eventFeedMetadataVersion] == "2")
    }

    @Test func `is gone once it has ended`() async throws {
        let sample = try await Sample(events: 25)
        let ending = await sample.post(
            Self.path,
            [.contentType: "application/json", .eventType: "$streamDeleted", .ifMatch: "\"9\""],
            "{}"
        )
        #expect(ending.status == 201)
        for path in [Self.path, "/feed/streams/$$loan-1"] {
            let gone = await sample.answer("GET", path)
            #expect(gone.status == 410)
            #expect(gone.problem == .streamEnded)
        }
        for expected in ["\"any\"", "\"none\"", "\"exists\"", "10"] {
            let refused = await append(expected, sample)
            #expect(refused.status == 410)
            #expect(refused.problem == .streamEnded)
            #expect(refused.fact("version") == .number(10))
        }
        #expect(await sample.store.head().number == EventNumber(26))
        let metadata = await sample.post(
            "/feed/streams/$$loan-1",
            [.contentType: "application/json", .eventType: "$metadata"],
            "{}"
        )
        #expect(metadata.status == 410)
        #expect(metadata.fact("stream") == .text("loan-1"))
    }
}

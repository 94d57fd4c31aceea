import EventModel
import FeedPages
import Testing

@Suite struct `The answer to an append` {
    @Test(arguments: [false, true])
    func `is read as it was rendered`(isRepetition: Bool) throws {
        let streams = [try StreamName("loan-7"), try StreamName("a \"b\" é")]
        let result = AppendResult(
            first: EventNumber(41),
            last: EventNumber(43),
            versions: [streams[0]: StreamVersion(4), streams[1]: StreamVersion(.max)],
            firstVersions: [streams[0]: StreamVersion(3), streams[1]: StreamVersion(7)],
            wasAlreadyRecorded: isRepetition
        )
        let bytes = AppendAnswer(result, streams: streams).render()
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"first":41,"last":43,"versions":{"loan-7":4,"a \\"b\\" é":9223372036854775807},\
                "firstVersions":{"loan-7":3,"a \\"b\\" é":7}}

                """
        )
        let read = try #require(try AppendAnswer(bytes, isRepetition: isRepetition))
        #expect(read.result == result)
        #expect(read.render() == bytes)
    }

    @Test(arguments: [
        "{}", #"{"first":1,"versions":{}}"#, #"{"first":2,"last":1,"versions":{}}"#,
        #"{"first":1,"last":9223372036854775808,"versions":{}}"#,
        #"{"first":1,"last":1,"versions":{"a":-1}}"#, #"{"first":1,"last":1,"versions":{" ":1}}"#,
    ])
    func `is not what other JSON says`(text: String) throws {
        let answer = try AppendAnswer(Array(text.utf8), isRepetition: false)
        #expect(answer == nil)
    }

    @Test func `may leave out where each stream began`() throws {
        let text = #"{"first":1,"last":1,"versions":{"a":1}}"#
        let answer = try #require(try AppendAnswer(Array(text.utf8), isRepetition: false))
        #expect(answer.result.firstVersions.isEmpty)
    }

    @Test(arguments: ["", "<html>", #"{"first":1,"last":1"#, #"{"first":1,"last":1}x"#])
    func `is not what is no JSON`(text: String) {
        #expect(throws: JSONError.self) {
            try AppendAnswer(Array(text.utf8), isRepetition: false)
        }
    }
}

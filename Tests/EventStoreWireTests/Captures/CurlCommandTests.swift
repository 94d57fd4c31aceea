import Testing

struct CurlCommandTests {
    @Test func `keeps what a shell would take apart`() throws {
        let request = try CurlCommand.request(
            #"curl -i -u a:b -H Accept:\ text/xml -d \[\{\"k\":\"a\ b\"\}\] \$BASE/streams/s\?x=1"#,
            file: []
        )

        #expect(request.method == "POST")
        #expect(request.target == "/streams/s?x=1")
        #expect(request.body == Array(#"[{"k":"a b"}]"#.utf8))
        #expect(request["accept"] == "text/xml")
        #expect(request["authorization"] == "Basic YTpi")
        #expect(request.path == "/streams/s")
        #expect(request.query == "x=1")
    }

    @Test func `asks for anything unless told otherwise`() throws {
        #expect(try CurlCommand.request(#"curl -i \$BASE/"#, file: [])["Accept"] == "*/*")
        #expect(try CurlCommand.request(#"curl -H Accept: \$BASE/"#, file: [])["Accept"] == nil)
    }

    @Test func `sends a file's bytes`() throws {
        let request = try CurlCommand.request(
            #"curl -i -I --data-binary @x \$BASE/streams/s"#,
            file: [0, 255]
        )

        #expect(request.method == "HEAD")
        #expect(request.body == [0, 255])
    }

    @Test(arguments: ["wget x", "curl -Z x", "curl -H", "curl -u nobody x"])
    func `refuses what it does not know`(_ command: String) {
        #expect(throws: CurlCommand.Unknown.self) { try CurlCommand.request(command, file: []) }
    }
}

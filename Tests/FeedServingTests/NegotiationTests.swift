import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `Choosing a form and a coding` {
    @Test(
        arguments: [
            (nil, "atom"), ("", "atom"), ("*/*", "atom"), ("application/json", "json"),
            ("text/html, application/json;q=0.5", "json"), ("text/xml", "atom"),
            ("application/jsonl", "ndjson"), ("application/*", "atom"),
            ("application/json;q=0.5, application/x-ndjson", "ndjson"),
            ("application/*;q=0.9, application/json;q=0.1", "atom"),
            ("*/*;q=0.1, application/atom+xml;q=0, application/xml;q=0, text/xml;q=0", "json"),
            ("application/atom+xml;type=feed", "atom"),
            ("application/atom+xml;type=entry, application/json;q=0.1", "json"),
            ("application/atom+xml;type=\"feed\";q=0.4, application/json;q=0.3", "atom"),
            ("application/json;q=7, */*;q=0.1", "atom"), ("nonsense, application/json", "json"),
            ("text/html", nil), ("application/atom+xml;q=0, application/xml;q=0", nil),
            ("*/*;q=0", nil),
        ] as [(String?, String?)]
    )
    func `takes the best form that Accept allows`(accept: String?, form: String?) {
        #expect(Negotiation.form(accept: accept, for: .feed)?.fileExtension == form)
    }

    @Test(
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("x-gzip", true), ("GZIP;q=0.1", true),
            ("gzip;q=0", false), ("*", true), ("*;q=0", false), ("gzip;q=0, *", false),
            ("identity;q=0", false), ("identity;q=0, gzip", true), ("gzip;q=0.5, identity", false),
            ("deflate, br", false), ("br, gzip;q=0.2", true),
        ] as [(String?, Bool)]
    )
    func `takes gzip where it is liked`(field: String?, isGzip: Bool) {
        #expect(Negotiation.allowsGzip(acceptEncoding: field) == isGzip)
    }

    @Test func `takes several Accept fields as one list`() async throws {
        let sample = try await Sample(events: 1)
        var fields = HTTPFields()
        fields.append(HTTPField(name: .accept, value: "text/html"))
        fields.append(HTTPField(name: .accept, value: "application/x-ndjson"))
        let response = await sample.answer("GET", "/feed", fields)
        #expect(response.fields[.contentType] == "application/x-ndjson")
        #expect(response.fields[.vary] == "Accept, Accept-Encoding")
        #expect(response.fields[.contentLocation] == "/feed.ndjson")
    }

    @Test func `says what there is where nothing is acceptable`() async throws {
        let sample = try await Sample(events: 1)
        let response = await sample.answer("GET", "/feed", [.accept: "text/html"])
        #expect(response.status == 406)
        #expect(response.problem == .notAcceptable)
        #expect(response.fields[.vary] == "Accept, Accept-Encoding")
        #expect(
            response.fact("available")
                == .texts(["application/atom+xml", "application/json", "application/x-ndjson"])
        )
        let fixed = await sample.answer("GET", "/feed.json", [.accept: "text/html"])
        #expect(fixed.status == 200)
        let event = await sample.answer("GET", "/events/1", [.accept: "application/x-ndjson"])
        #expect(event.status == 406)
    }

    @Test func `gives every coding its own tag and the same document`() async throws {
        let sample = try await Sample(events: 10)
        let target = "/feed/\(sample.epoch)/1-10.atom"
        let plain = await sample.answer("GET", target)
        let packed = await sample.answer("GET", target, [.acceptEncoding: "gzip"])
        let tag = try #require(plain.fields[.eTag])
        #expect(packed.fields[.eTag] == tag.dropLast() + "-gzip\"")
        #expect(packed.fields[.contentEncoding] == "gzip")
        #expect(plain.fields[.contentEncoding] == nil)
        #expect(try Inflated.bytes(of: packed.bytes) == plain.bytes)
        let again = await sample.answer("GET", target, [.acceptEncoding: "gzip"])
        #expect(again.bytes == packed.bytes)
    }

    @Test func `leaves small bodies as they are`() async throws {
        let sample = try await Sample(events: 0)
        let response = await sample.answer("GET", "/categories", [.acceptEncoding: "gzip"])
        #expect(response.fields[.contentEncoding] == nil)
        #expect(response.fields[.vary] == "Accept-Encoding")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `A conditional request` {
    @Test(arguments: ["TAG", "W/TAG", "*", "\"other\", TAG", "\"other\" , W/TAG"])
    func `is answered 304 where the client has it`(condition: String) async throws {
        let sample = try await Sample(events: 12)
        for target in ["/feed", "/feed.atom?after=3", "/", "/events/1", "/feed/streams/loan-1"] {
            let full = await sample.answer("GET", target)
            let tag = try #require(full.fields[.eTag])
            let response = await sample.answer(
                "GET",
                target,
                [.ifNoneMatch: condition.replacing("TAG", with: tag)]
            )
            #expect(response.status == 304)
            #expect(response.bytes.isEmpty)
            for name in [HTTPField.Name.eTag, .cacheControl, .vary, .contentLocation] {
                #expect(response.fields[name] == full.fields[name])
            }
            #expect(response.fields[.eventFeedEpoch] == nil)
        }
    }

    @Test func `is answered whole where the client has something else`() async throws {
        let sample = try await Sample(events: 12)
        for condition in ["\"other\"", "W/\"other\"", "nonsense"] {
            let response = await sample.answer("GET", "/feed", [.ifNoneMatch: condition])
            #expect(response.status == 200)
        }
        let dated = await sample.answer(
            "GET",
            "/feed",
            [.ifModifiedSince: "Sun, 06 Nov 2094 08:49:37 GMT"]
        )
        #expect(dated.status == 200)
        #expect(dated.fields[.lastModified] == nil)
    }

    @Test func `with If-Match is refused unless the tag is the strong one`() async throws {
        let sample = try await Sample(events: 1)
        let tag = try #require(await sample.answer("GET", "/feed").fields[.eTag])
        #expect(await sample.answer("GET", "/feed", [.ifMatch: tag]).status == 200)
        #expect(await sample.answer("GET", "/feed", [.ifMatch: "*"]).status == 200)
        for condition in ["W/\(tag)", "\"other\"", "nonsense"] {
            let response = await sample.answer("GET", "/feed", [.ifMatch: condition])
            #expect(response.status == 412)
            #expect(response.problem == .preconditionFailed)
        }
    }

    @Test func `sees the head document change with every event`() async throws {
        let sample = try await Sample(events: 3)
        let before = await sample.answer("GET", "/feed").fields[.eTag]
        try await Sample.fill(sample.store, events: 1)
        #expect(await sample.answer("GET", "/feed").fields[.eTag] != before)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `Methods and addresses` {
    @Test(arguments: [
        ("/", "GET, HEAD, OPTIONS"), ("/feed", "GET, HEAD, POST, OPTIONS"),
        ("/feed.atom", "GET, HEAD, OPTIONS"), ("/events", "GET, HEAD, POST, OPTIONS"),
        ("/feed/streams/a", "GET, HEAD, POST, OPTIONS"), ("/events/1", "GET, HEAD, OPTIONS"),
    ])
    func `that are not allowed say what is`(target: String, allow: String) async throws {
        let sample = try await Sample(events: 1)
        for method in ["PUT", "PATCH", "DELETE", "TRACE"] {
            let response = await sample.answer(method, target)
            #expect(response.status == 405)
            #expect(response.fields[.allow] == allow)
            #expect(response.problem == .methodNotAllowed)
        }
        let options = await sample.answer("OPTIONS", target)
        #expect(options.status == 204)
        #expect(options.fields[.allow] == allow)
    }

    @Test(arguments: [
        "/stream/a", "/pings", "/gossip", "/subscriptions", "/nowhere", "/feed/", "//feed",
        "/feed/x",
        "/events/x", "/events/01", "/feed.xml", "/metrics",
    ])
    func `that are not ours are 404 for every method`(target: String) async throws {
        let sample = try await Sample(events: 1)
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO"] {
            let response = await sample.answer(method, target)
            #expect(response.status == 404)
            #expect(response.problem == .notFound)
            #expect(response.fields[.cacheControl] == "no-store")
        }
    }

    @Test(arguments: [
        "/feed?limit=0", "/feed?limit=1001", "/feed?after=-1", "/feed?after=01", "/feed?wait=61",
        "/feed?after=1&after=2", "/feed?nonsense=1", "/?a=b", "/events/1?a=b", "/feed?after=%zz",
        "/feed?since=yesterday", "/categories?x",
    ])
    func `with a query that means nothing are 400`(target: String) async throws {
        let sample = try await Sample(events: 1)
        let response = await sample.answer("GET", target)
        #expect(response.status == 400)
        #expect(response.problem == .invalidParameter)
    }

    @Test(arguments: ["", "1-10", "x", "x.atom?a=b", "data", "data/x", "data/1/2", "1-10.xml"])
    func `below an epoch that are none are 404 for every method`(rest: String) async throws {
        let sample = try await Sample(events: 1)
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO"] {
            let response = await sample.answer(method, "/feed/\(sample.epoch)/\(rest)")
            #expect(response.status == 404)
            #expect(response.problem == .notFound)
        }
        let other = await sample.answer("OPTIONS", "/feed/000000000000/\(rest)")
        #expect(other.problem == .anotherEpoch)
    }

    @Test func `that are ours do not know every method`() async throws {
        let sample = try await Sample(events: 1)
        let response = await sample.answer("FOO", "/feed")
        #expect(response.status == 501)
        #expect(response.problem == .notImplemented)
        #expect(response.fact("method") == .text("FOO"))
    }

    @Test func `say that an escape is broken`() async throws {
        let sample = try await Sample(events: 1)
        let response = await sample.answer("GET", "/feed/streams/%zz")
        #expect(response.status == 400)
        #expect(response.problem == .invalidAddress)
    }

    @Test func `tell about health whatever the query`() async throws {
        let sample = try await Sample(events: 1) { configuration in
            configuration.readiness = {
                Readiness(diskFree: 5, diskReserve: 9, recordedAheadMicroseconds: 3)
            }
        }
        #expect(await sample.answer("GET", "/healthz?x").text == "{\"status\":\"ok\"}\n")
        let unready = await sample.answer("GET", "/readyz?x")
        #expect(unready.status == 503)
        #expect(
            unready.text
                == "{\"status\":\"unready\",\"store\":\"open\",\"diskFree\":5,"
                + "\"diskReserve\":9,\"recordedAheadMicroseconds\":3}\n"
        )
    }

    @Test func `are the same whatever the host`() async throws {
        let sample = try await Sample(events: 12)
        var forwarded = HTTPFields()
        for name in ["Host", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Prefix"] {
            forwarded[try #require(HTTPField.Name(name))] = "elsewhere.example"
        }
        for target in ["/", "/feed", "/events/3", "/feed/streams/loan-1"] {
            let one = await sample.answer("GET", target)
            let other = await sample.answer(
                "GET",
                "http://elsewhere.example" + target,
                forwarded
            )
            #expect(one.bytes == other.bytes)
            #expect(one.fields == other.fields)
        }
    }
}

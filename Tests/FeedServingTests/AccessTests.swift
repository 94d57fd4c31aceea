import AccessControl
import EventModel
import EventTesting
import FeedServing
import Foundation
import Testing

/// A store with access control, and requests over a socket.
private struct GuardedStore: Sendable {
    let store = InMemoryEventStore()
    let directory = InMemoryUserDirectory()
    let feedReaders: Set<String>

    /// Three events, and the users root (`$admins`), ann (`readers`) and bob (no group).
    init(feedReaders: Set<String> = ["$admins", "readers"]) async throws {
        self.feedReaders = feedReaders
        try await Sample.fill(store, events: 3)
        try await directory.add("root", ["$admins"], password: "r")
        try await directory.add("ann", ["readers"], password: "a:b")
        try await directory.add("bob", [], password: "b")
    }

    static func basic(_ text: String) -> String {
        "Authorization: Basic \(Data(text.utf8).base64EncodedString())\r\n"
    }

    func serve<Result: Sendable>(_ body: @Sendable (Int) async throws -> Result) async throws
        -> Result
    {
        let gate = AccessGate(
            Authenticator(directory, hasher: PasswordHasher(rounds: 1_024)),
            store: store,
            feedReaders: feedReaders
        )
        return try await RunningServer.with(store, configure: { $0.access = gate }, body)
    }

    /// Sends requests one after the other on one connection.
    func answers(_ requests: [String]) async throws -> [RawResponse] {
        try await serve { port in
            try await RawClient.connect(port) { client in
                var answers: [RawResponse] = []
                for request in requests {
                    try await client.send(request)
                    answers.append(try await client.response(isHead: request.hasPrefix("HEAD")))
                }
                return answers
            }
        }
    }
}

private func get(_ path: String, _ fields: String = "", method: String = "GET") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
}

private func post(_ path: String, _ body: String, _ fields: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
}

private let lines = "Content-Type: application/x-ndjson\r\n"

private func line(_ stream: String, _ type: String = "T", _ data: String = "{}") -> String {
    "{\"stream\":\"\(stream)\",\"type\":\"\(type)\",\"data\":\(data)}\n"
}

@Suite(.timeLimit(.minutes(1))) struct `Access over a socket` {
    private static let root = GuardedStore.basic("root:r")
    private static let ann = GuardedStore.basic("ann:a:b")
    private static let bob = GuardedStore.basic("bob:b")

    private static func isRefused(_ answer: RawResponse, _ status: Int) -> Bool {
        answer.status == status && answer["cache-control"] == "no-store"
            && answer["content-type"] == "application/problem+json"
            && answer["www-authenticate"]
                == (status == 401 ? "Basic realm=\"EventFeed\"" : nil)
    }

    private static let protected = [
        "/feed", "/feed.atom", "/feed?after=0", "/feed.json?after=0&wait=1", "/feed?since=2020",
        "/feed/000000000000/1-100.atom", "/feed/1-100", "/feed/streams/loan-1", "/events",
        "/events/1", "/events/1.json", "/events/1/data", "/feed?bogus=1",
    ]

    @Test(arguments: protected)
    func `needs a login to read, and a role`(_ path: String) async throws {
        let guarded = try await GuardedStore()
        let answers = try await guarded.answers([
            get(path), get(path, Self.bob), get(path, GuardedStore.basic("ann:wrong")),
            get(path, method: "HEAD"), get(path, Self.ann), get(path, Self.root),
        ])

        #expect(Self.isRefused(answers[0], 401))
        #expect(answers[0].text.contains("urn:eventfeed:problem:not-authenticated"))
        #expect(Self.isRefused(answers[1], 403))
        #expect(answers[1].text.contains("urn:eventfeed:problem:not-permitted"))
        #expect(Self.isRefused(answers[2], 401))
        #expect(answers[3].status == 401)
        for answer in answers[4...] {
            #expect(![401, 403].contains(answer.status))
            #expect(answer["cache-control"]?.contains("public") != true)
        }
    }

    @Test(arguments: ["/", "/categories", "/healthz", "/readyz"])
    func `is open to everybody where nothing is told`(_ path: String) async throws {
        let guarded = try await GuardedStore()
        let answers = try await guarded.answers([
            get(path), get(path, GuardedStore.basic("ann:wrong")),
        ])

        for answer in answers { #expect(answer.status == 200) }
    }

    @Test func `keeps bytes and entity tags of pages, for one reader alone`() async throws {
        let guarded = try await GuardedStore()
        try await Sample.fill(guarded.store, events: 200)
        let epoch = guarded.store.identity.epoch.shortForm
        let page = "/feed/\(epoch)/1-100.atom"
        let open = try await RunningServer.answer(to: get(page), store: guarded.store)
        let answers = try await guarded.answers([
            get(page, Self.ann),
            get(page, Self.ann + "If-None-Match: \(open["etag"] ?? "")\r\n"),
            get(page, Self.root + "Accept-Encoding: gzip\r\n"), get(page),
            get("/feed.atom", Self.ann), get("/feed?after=0", Self.ann),
        ])

        #expect(open["cache-control"] == "public, max-age=31536000, immutable")
        #expect(answers[0].body == open.body && answers[0]["etag"] == open["etag"])
        #expect(answers.map(\.status) == [200, 304, 200, 401, 200, 200])
        for answer in answers.prefix(3) {
            #expect(answer["cache-control"] == "private, max-age=31536000, immutable")
        }
        #expect(answers[4]["cache-control"] == "private, no-cache")
        #expect(answers[5]["cache-control"] == "private, no-cache")
    }

    @Test func `stays public where everybody may read`() async throws {
        let guarded = try await GuardedStore(feedReaders: ["$all"])
        let answers = try await guarded.answers([
            get("/feed.atom"), get("/feed.atom", Self.bob),
            get("/feed.atom", GuardedStore.basic("bob:wrong")),
        ])

        #expect(answers.map(\.status) == [200, 200, 401])
        #expect(answers[0]["cache-control"] == "no-cache")
        #expect(answers[1]["cache-control"] == "no-cache")
    }

    @Test func `takes effect with the first user, without a restart`() async throws {
        let store = InMemoryEventStore()
        let directory = InMemoryUserDirectory()
        let gate = AccessGate(Authenticator(directory), store: store)
        try await RunningServer.with(store, configure: { $0.access = gate }) { port in
            try await RawClient.connect(port) { client in
                try await client.send(get("/feed", GuardedStore.basic("who:ever")))
                let open = try await client.response()
                #expect(open.status == 200 && open["cache-control"] == "no-cache")
                // What nobody may is no matter of a login.
                try await client.send(post("/events", line("$all"), lines))
                let all = try await client.response()
                #expect(all.status == 403 && all["www-authenticate"] == nil)
                try await client.send(post("/events", line("$system"), lines))
                #expect(try await client.response().status == 201)
                try await directory.add("root", ["$admins"], password: "r")
                try await client.send(get("/feed"))
                #expect(try await client.response().status == 401)
                try await client.send(get("/feed", Self.root))
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test func `judges a long poll again when it ends`() async throws {
        let guarded = try await GuardedStore()
        try await guarded.serve { port in
            try await RawClient.connect(port) { client in
                try await client.send(get("/feed.json?after=3&wait=20", Self.ann))
                // Long enough that the answer is no longer covered by the first judgement.
                try await Task.sleep(for: .milliseconds(1_500))
                try guarded.directory.setDisabled("ann", true)
                try await Sample.fill(guarded.store, events: 1)
                let answer = try await client.response()
                #expect(answer.status == 401)
                #expect(!answer.text.contains("loan-"))
            }
        }
    }

    @Test func `refuses a password at once that was changed`() async throws {
        let guarded = try await GuardedStore()
        try await guarded.serve { port in
            try await RawClient.connect(port) { client in
                try await client.send(get("/feed", Self.ann))
                #expect(try await client.response().status == 200)
                try guarded.directory.setPassword("ann", PasswordHash(of: "new", rounds: 16))
                try await client.send(get("/feed", Self.ann))
                #expect(try await client.response().status == 401)
                try await client.send(get("/feed", GuardedStore.basic("ann:new")))
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test func `lets append who may write every stream of the batch`() async throws {
        let guarded = try await GuardedStore()
        try await guarded.store.append([
            NewEvent(
                stream: try StreamName("$$closed"),
                type: try EventType("$metadata"),
                data: .json(#"{"$acl":{"$w":["bob"],"$d":["ann"],"$mw":["bob"]}}"#)
            )
        ])
        let head = await guarded.store.head().number
        let entry = "Content-Type: application/json\r\nEvent-Type: T\r\n"
        let delete = line("$$closed", "$metadata", #"{"$tb":9223372036854775807}"#)
        let refused = try await guarded.answers([
            post("/events", line("closed"), lines),
            post("/events", line("open") + line("closed"), lines),
            post("/events", line("closed"), lines + Self.ann),
            post("/feed/streams/closed", "{}", entry),
            post("/feed/streams/closed", "{}", entry + Self.ann),
            post("/events", line("$system"), lines + Self.bob),
            post("/events", line("$$closed", "$metadata"), lines + Self.ann),
            post("/events", line("closed", "$streamDeleted"), lines + Self.bob),
            post("/events", delete, lines + Self.bob),
            post("/events", line("$all"), lines + Self.root),
            post("/events", line("open"), lines + GuardedStore.basic("bob:wrong")),
        ])

        #expect(refused.map(\.status) == [401, 401, 403, 401, 403, 403, 403, 403, 403, 403, 401])
        for answer in refused { #expect(Self.isRefused(answer, answer.status)) }
        #expect(refused[2].text.contains(#""stream":"closed","right":"write""#))
        #expect(refused[6].text.contains(#""right":"write-metadata""#))
        #expect(refused[7].text.contains(#""right":"delete""#))
        #expect(await guarded.store.head().number == head)

        let taken = try await guarded.answers([
            post("/events", line("open"), lines),
            post("/events", line("open") + line("closed"), lines + Self.bob),
            post("/feed/streams/closed", "{}", entry + Self.bob),
            post("/events", line("$$closed", "$metadata", #"{"a":1}"#), lines + Self.bob),
            post("/events", line("$system"), lines + Self.root),
        ])
        for answer in taken {
            #expect(answer.status == 201 && answer["cache-control"] == "no-store")
        }
    }

    @Test func `survives fields that are no credentials`() async throws {
        let guarded = try await GuardedStore()
        let long = String(repeating: "A", count: 30_000)
        let fields = [
            "Authorization: Basic \(long)\r\n", "Authorization:\r\n", "Authorization: Basic\r\n",
            "Authorization: Basic \u{E4}\r\n", Self.ann + Self.root,
            GuardedStore.basic("ann:a:b:c"), GuardedStore.basic("ann"), GuardedStore.basic(":"),
            GuardedStore.basic("root\0:r"), "Authorization: Digest username=\"root\"\r\n",
        ]
        let answers = try await guarded.answers(fields.map { get("/feed", $0) })
        for (answer, field) in zip(answers, fields) {
            #expect(Self.isRefused(answer, 401), "\(field.prefix(60))")
        }
        let right = try await guarded.answers([get("/feed", Self.ann)])
        #expect(right.map(\.status) == [200])
    }

    @Test func `answers known readers while somebody guesses passwords`() async throws {
        let guarded = try await GuardedStore()
        try await guarded.serve { port in
            try await withThrowingTaskGroup(of: Set<Int>.self) { group in
                for guesser in 0..<100 {
                    group.addTask {
                        try await RawClient.connect(port) { client in
                            var seen: Set<Int> = []
                            for guess in 0..<5 {
                                let guess = GuardedStore.basic("nobody\(guesser):\(guess)")
                                try await client.send(get("/feed", guess))
                                seen.insert(try await client.response().status)
                            }
                            return seen
                        }
                    }
                }
                group.addTask {
                    try await RawClient.connect(port) { client in
                        for _ in 0..<100 {
                            try await client.send(get("/feed", Self.ann))
                            let status = try await client.response().status
                            // Only the first time may have to wait for its turn, in vain.
                            if status != 503 { return [status] }
                        }
                        return [503]
                    }
                }
                for try await seen in group {
                    #expect(seen.isSubset(of: [401, 503]) || seen == [200])
                }
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The users of a server over a socket` {
    @Test func `are for admins, and no shared cache keeps them`() async throws {
        let guarded = try await GuardedStore()
        let json = "Content-Type: application/json\r\n"
        let body = #"{"loginName":"eve","fullName":"Eve","groups":["g"],"password":"e"}"#
        let root = GuardedStore.basic("root:r")
        let answers = try await guarded.answers([
            get("/users/"), get("/users/", GuardedStore.basic("bob:b")),
            get("/users/", GuardedStore.basic("bob:wrong")), post("/users/", body, json + root),
            get("/users/eve", root), get("/users/$current", GuardedStore.basic("eve:e")),
            post("/users/eve/command/disable", "", root),
            get("/users/$current", GuardedStore.basic("eve:e")),
            get("/users/eve", root, method: "DELETE"), get("/users/eve", root),
        ])

        #expect(answers.map(\.status) == [401, 401, 401, 201, 200, 200, 200, 401, 200, 404])
        for answer in answers { #expect(answer["cache-control"] == "no-store") }
        #expect(answers[0]["www-authenticate"] == "BasicCustom realm=\"ES\"")
        #expect(answers[3]["location"] == "http://x/users/eve")
        for answer in answers {
            #expect(!answer.text.contains("scrypt") && !answer.text.contains("\"password\""))
        }
    }
}

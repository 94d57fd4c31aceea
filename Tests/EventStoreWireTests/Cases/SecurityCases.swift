import Testing

/// Who may do what (cases 71, 72 and 80).
struct SecurityCases {
    private static let challenge = #"BasicCustom realm="ES""#

    private func create(_ client: WireClient, _ login: String, groups: String = "") async throws {
        let answer = try await client.admin.post(
            "/users/",
            "application/json",
            #"{"loginName":"\#(login)","fullName":"A user","groups":[\#(groups)],"password":"pw"}"#
        )
        try #require(answer.status == 201, "\(answer.status) \(answer.reason)")
    }

    // 71
    @Test(arguments: StoreKind.allCases)
    func `a login counts where one is needed`(_ kind: StoreKind) async throws {
        try await Interface.with(kind, hasUsers: true) { client in
            try await client.admin.fill("open", 1)
            let open = try await client.get("/streams/open")
            #expect(open.status == 200)
            #expect(open["WWW-Authenticate"] == nil)
            for path in ["/streams/$all", "/streams/$settings", "/users/"] {
                let answer = try await client.get(path, accept: "application/json")
                #expect(answer.status == 401, "\(path)")
                #expect(answer.reason == "Unauthorized")
                #expect(answer["WWW-Authenticate"] == Self.challenge)
                #expect(answer.body.isEmpty)
            }
            #expect(try await client.admin.get("/streams/$all").status == 200)
        }
    }

    // 71
    @Test func `a login that is wrong is refused even where none is needed`() async throws {
        try await Interface.with(hasUsers: true) { client in
            try await client.admin.fill("open", 1)
            try await create(client, "ann")
            let ann = client.login("ann", "pw")
            #expect(try await ann.get("/streams/open").status == 200)
            for other in [client.login("ann", "wrong"), client.login("nobody", "pw")] {
                let answer = try await other.get("/streams/open")
                #expect(answer.status == 401)
                #expect(answer["WWW-Authenticate"] == Self.challenge)
            }
            let disabled = try await client.admin.send("POST", "/users/ann/command/disable")
            #expect(disabled.status == 200)
            #expect(try await ann.get("/streams/open").status == 401)
            let enabled = try await client.admin.send("POST", "/users/ann/command/enable")
            #expect(enabled.status == 200)
            #expect(try await ann.get("/streams/open").status == 200)
            #expect(try await client.admin.send("DELETE", "/users/ann").status == 200)
            #expect(try await ann.get("/streams/open").status == 401)
        }
    }

    // 72
    @Test(arguments: StoreKind.allCases)
    func `an access list may be posted as an event`(_ kind: StoreKind) async throws {
        try await Interface.with(kind, hasUsers: true) { client in
            try await create(client, "ann", groups: #""other""#)
            try await create(client, "bea")
            let list = try await client.admin.append(
                "$$s",
                [BatchEvent(type: "$metadata", data: #"{"$acl":{"$w":"other"}}"#)]
            )
            #expect(list.status == 201)
            let anonymous = try await client.append("s", [BatchEvent()])
            #expect(anonymous.status == 401)
            #expect(try await client.login("bea", "pw").append("s", [BatchEvent()]).status == 401)
            #expect(try await client.login("ann", "pw").append("s", [BatchEvent()]).status == 201)
            // Nobody is trusted because of what they say.
            let claimed = try await client.append(
                "s",
                [BatchEvent()],
                PlainField("ES-TrustedAuth", "ann; other")
            )
            #expect(claimed.status == 401)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an answer that needed a login is nobody else's`(_ kind: StoreKind) async throws {
        try await Interface.with(kind, hasUsers: true) { client in
            try await create(client, "ann")
            try await client.admin.fill("s", 1)
            let open = try await client.get("/streams/s/0")
            #expect(open["Cache-Control"] == "max-age=31536000, public")
            _ = try await client.admin.postSingle(
                "/streams/s/metadata",
                id: newID(),
                type: nil,
                #"{"$acl":{"$r":"ann"}}"#
            )
            let own = try await client.login("ann", "pw").get("/streams/s/0")
            #expect(own["Cache-Control"] == "max-age=31536000, private")
            #expect(try await client.get("/streams/s/0").status == 401)
            #expect(try await client.get("/streams/s/0/forward/5").status == 401)
        }
    }

    @Test func `who may not read does not learn that nothing has changed`() async throws {
        try await Interface.with(hasUsers: true) { client in
            try await client.admin.fill("s", 1)
            let tag = try #require(try await client.get("/streams/s")["ETag"])
            _ = try await client.admin.postSingle(
                "/streams/s/metadata",
                id: newID(),
                type: nil,
                #"{"$acl":{"$r":"$admins"}}"#
            )
            let answer = try await client.get("/streams/s", PlainField("If-None-Match", tag))
            #expect(answer.status == 401)
        }
    }

    // 80: who may do what without an access list.
    struct Right: Sendable, CustomTestStringConvertible {
        let method: String
        let target: String
        let anonymous: Int
        let operators: Int
        let admins: Int

        var testDescription: String { "\(method) \(target)" }
    }

    private static let rights = [
        Right(method: "GET", target: "/streams/s", anonymous: 200, operators: 200, admins: 200),
        Right(method: "POST", target: "/streams/s", anonymous: 201, operators: 201, admins: 201),
        Right(method: "GET", target: "/streams/$own", anonymous: 401, operators: 401, admins: 200),
        Right(method: "POST", target: "/streams/$own", anonymous: 401, operators: 401, admins: 201),
        Right(method: "GET", target: "/streams/$all", anonymous: 401, operators: 401, admins: 200),
        Right(method: "POST", target: "/streams/$all", anonymous: 401, operators: 401, admins: 401),
        Right(
            method: "DELETE",
            target: "/streams/$all",
            anonymous: 401,
            operators: 401,
            admins: 401
        ),
        Right(method: "GET", target: "/users/", anonymous: 401, operators: 401, admins: 200),
        Right(method: "GET", target: "/ping", anonymous: 200, operators: 200, admins: 200),
        Right(method: "GET", target: "/info", anonymous: 200, operators: 200, admins: 200),
        Right(
            method: "OPTIONS",
            target: "/streams/$all",
            anonymous: 200,
            operators: 200,
            admins: 200
        ),
    ]

    @Test(arguments: rights)
    func `every address has its role`(_ right: Right) async throws {
        try await Interface.with(hasUsers: true) { client in
            try await client.admin.fill("s", 1)
            try await client.admin.fill("$own", 1)
            let callers = [
                (client, right.anonymous), (client.login("ops", "changeit"), right.operators),
                (client.admin, right.admins),
            ]
            for (caller, status) in callers {
                let isPost = right.method == "POST"
                let type = right.target.hasPrefix("/streams") ? WireType.atomJSON : "*/*"
                let answer = try await caller.send(
                    right.method,
                    right.target,
                    isPost ? [.contentType(WireType.eventsJSON)] : [.accept(type)],
                    body: isPost ? BatchEvent.batch([BatchEvent()]) : ""
                )
                #expect(answer.status == status, "\(caller.fields)")
            }
        }
    }
}

import AccessControl
import EventModel
import EventTesting
import HTTPTypes
import Testing

@testable import EventStoreWire

@Suite(.timeLimit(.minutes(1))) struct `The resource of users` {
    private static let admin = Caller(login: "admin", groups: ["$admins"])
    private static let bobBody =
        #"{"loginName":"bob","fullName":"Bob","groups":["g1"],"password":"pw"}"#

    private let directory = InMemoryUserDirectory(now: {
        Timestamp(microseconds: 1_795_429_870_451_530)
    })
    private let interface = UsersInterface(hasher: PasswordHasher(rounds: 16))

    private func ask(
        _ method: String,
        _ path: String,
        _ body: String = "",
        as caller: Caller = admin,
        type: String? = "application/json"
    ) async throws -> WireResponse {
        var fields = HTTPFields()
        fields[.contentType] = type
        let request = WireRequest(method, path, fields: fields, origin: "http://127.0.0.1:2113")
        return try #require(
            try await interface.respond(
                to: request,
                body: Array(body.utf8),
                caller: caller,
                directory: directory
            )
        )
    }

    private func withAdmin() async throws {
        try await directory.add("admin", ["$admins"], password: "changeit")
    }

    private static func text(_ response: WireResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    @Test func `adds a user, as the product's tests do it`() async throws {
        try await withAdmin()
        let created = try await ask("POST", "/users/", Self.bobBody)

        #expect(created.status == 201 && created.reason == "Created")
        #expect(created.fields[.location] == "http://127.0.0.1:2113/users/bob")
        #expect(created.fields[.contentType] == "application/json; charset=utf-8")
        #expect(directory.user("bob")?.groups == ["g1"])

        #expect(try await ask("POST", "/users/", Self.bobBody).status == 201)
        let conflict = try await ask(
            "POST",
            "/users",
            Self.bobBody.replacing("\"pw\"", with: "\"pw2\"")
        )
        #expect(conflict.status == 409)
        // As captured.
        #expect(
            Self.text(conflict) == """
                {
                  "loginName": "bob",
                  "success": false,
                  "error": "Conflict",
                  "msgTypeId": 124
                }
                """
        )
    }

    @Test func `shows whoever asks without links, as captured`() async throws {
        try await withAdmin()
        _ = try await ask("POST", "/users/", Self.bobBody)
        let current = try await ask(
            "GET",
            "/users/$current",
            as: Caller(login: "bob", groups: ["g1"])
        )

        #expect(current.status == 200)
        #expect(
            Self.text(current) == """
                {
                  "data": {
                    "loginName": "bob",
                    "fullName": "Bob",
                    "groups": [
                      "g1"
                    ],
                    "dateLastUpdated": "2026-11-23T10:31:10.45153+00:00",
                    "disabled": false
                  },
                  "success": true,
                  "error": "Success",
                  "msgTypeId": 127
                }
                """
        )
        #expect(try await ask("GET", "/users/%24current", as: .anonymous).status == 401)
    }

    @Test func `shows a user with links and without the password`() async throws {
        try await withAdmin()
        let body = #"{"LOGINNAME":"b ö","fullname":"B","Groups":[],"Password":"pw","more":{}}"#
        #expect(try await ask("POST", "/users/", body).status == 201)
        let text = Self.text(try await ask("GET", "/users/b%20%C3%B6"))

        let base = "http://127.0.0.1:2113/users/b%20%C3%B6"
        for (href, relation) in [
            ("\(base)/command/reset-password", "reset-password"),
            ("\(base)/command/change-password", "change-password"), (base, "edit"),
            (base, "delete"), ("\(base)/command/disable", "disable"),
        ] {
            let link = """
                      {
                        "href": "\(href)",
                        "rel": "\(relation)"
                      }
                """
            #expect(text.contains(link), "\(relation)")
        }
        #expect(text.contains("\"groups\": [],"))
        #expect(!text.contains("scrypt") && !text.contains("pw"))
        let list = Self.text(try await ask("GET", "/users/"))
        #expect(
            list.contains("\"loginName\": \"admin\"") && list.contains("\"loginName\": \"b ö\"")
        )
    }

    @Test func `changes a user`() async throws {
        try await withAdmin()
        _ = try await ask("POST", "/users/", Self.bobBody)

        #expect(try await ask("POST", "/users/bob/command/disable").status == 200)
        #expect(directory.user("bob")?.isDisabled == true)
        #expect(Self.text(try await ask("GET", "/users/bob")).contains("/command/enable\""))
        let enabled = try await ask("POST", "/users/bob/command/enable")
        #expect(enabled.status == 200 && Self.text(enabled).contains("\"success\": true"))
        #expect(directory.user("bob")?.isDisabled == false)

        let replaced = try await ask("PUT", "/users/bob", #"{"fullName":"B","groups":["x","y"]}"#)
        #expect(replaced.status == 200)
        #expect(directory.user("bob")?.groups == ["x", "y"])

        let reset = #"{"newPassword":"fresh"}"#
        #expect(try await ask("POST", "/users/bob/command/reset-password", reset).status == 200)
        #expect(try directory.storedUser("bob")?.password.matches("fresh") == true)

        #expect(try await ask("DELETE", "/users/bob").status == 200)
        for (method, path) in [
            ("GET", "/users/bob"), ("DELETE", "/users/bob"), ("POST", "/users/bob/command/enable"),
        ] {
            let answer = try await ask(method, path)
            #expect(answer.status == 404 && Self.text(answer).contains("\"NotFound\""))
        }
        #expect(
            try await ask("POST", "/users/bob/command/reset-password", reset).status == 404
        )
    }

    @Test func `lets users change their own password, who know the old one`() async throws {
        try await withAdmin()
        _ = try await ask("POST", "/users/", Self.bobBody)
        let bob = Caller(login: "bob", groups: ["g1"])
        let path = "/users/bob/command/change-password"
        func body(_ current: String) -> String {
            "{\"currentPassword\":\"\(current)\",\"newPassword\":\"new\"}"
        }

        #expect(try await ask("POST", path, body("wrong"), as: bob).status == 401)
        let eve = Caller(login: "eve", groups: ["g1"])
        #expect(try await ask("POST", path, body("pw"), as: eve).status == 401)
        #expect(try await ask("POST", path, body("pw"), as: .anonymous).status == 401)
        #expect(try await ask("POST", path, body("pw"), as: bob).status == 200)
        #expect(try directory.storedUser("bob")?.password.matches("new") == true)
    }

    @Test func `is for admins alone, and says so as the product does`() async throws {
        try await withAdmin()
        try await directory.add("bob", ["g1"])
        for caller in [Caller.anonymous, Caller(login: "bob", groups: ["g1"])] {
            for (method, path) in [
                ("GET", "/users/"), ("POST", "/users/"), ("GET", "/users/bob"),
                ("PUT", "/users/bob"), ("DELETE", "/users/admin"),
                ("POST", "/users/bob/command/enable"),
                ("POST", "/users/bob/command/reset-password"),
            ] {
                let answer = try await ask(method, path, Self.bobBody, as: caller)
                #expect(answer.status == 401 && answer.body.isEmpty)
                #expect(answer.fields[.wwwAuthenticate] == "BasicCustom realm=\"ES\"")
            }
        }
        #expect(directory.users().count == 2)
    }

    @Test func `without users can be read, and takes an admin as the first`() async throws {
        let empty = try await ask("GET", "/users/", as: .anonymous)
        #expect(empty.status == 200 && Self.text(empty).contains("\"data\": [],"))
        let first = try await ask("POST", "/users/", Self.bobBody, as: .anonymous)
        #expect(first.status == 409 && first.reason.contains("$admins"))
        let admin = Self.bobBody.replacing("g1", with: "$admins")
        // A web page can send any body as text without asking the server.
        let plain = try await ask("POST", "/users/", admin, as: .anonymous, type: "text/plain")
        #expect(plain.status == 415)
        #expect(directory.users().isEmpty)

        #expect(try await ask("POST", "/users/", admin, as: .anonymous).status == 201)
        #expect(try await ask("POST", "/users/", admin, as: .anonymous).status == 401)
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", nil, "application/jsonx"])
    func `takes no body that a web page could send unasked`(_ type: String?) async throws {
        try await withAdmin()
        let body = #"{"newPassword":"x","currentPassword":"changeit","fullName":"x"}"#
        for (method, path, body) in [
            ("POST", "/users/", Self.bobBody), ("PUT", "/users/admin", body),
            ("POST", "/users/admin/command/reset-password", body),
            ("POST", "/users/admin/command/change-password", body),
            ("POST", "/users/admin/command/disable", body),
            ("POST", "/users/admin/command/reset-password", ""),
        ] {
            let answer = try await ask(method, path, body, type: type)
            #expect(answer.status == 415, "\(method) \(path)")
        }
        #expect(directory.users().count == 1 && directory.user("admin")?.fullName != "x")
        #expect(try directory.storedUser("admin")?.password.matches("changeit") == true)
    }

    @Test func `keeps the last admin`() async throws {
        try await withAdmin()
        for answer in [
            try await ask("DELETE", "/users/admin"),
            try await ask("POST", "/users/admin/command/disable"),
            try await ask("PUT", "/users/admin", #"{"groups":[]}"#),
        ] {
            #expect(answer.status == 409 && answer.reason.contains("last enabled user"))
        }
        #expect(directory.user("admin")?.isEnabledAdmin == true)
    }

    @Test(arguments: [
        "", "[]", "{", "{}", #"{"loginName":7,"password":"p"}"#, #"{"loginName":"a"}"#,
        #"{"loginName":"a","password":""}"#, #"{"loginName":"$x","password":"p"}"#,
        #"{"loginName":"a","password":"p","groups":"g"}"#,
        #"{"loginName":"a","password":"p","groups":["$all"]}"#, "\u{FEFF}{}",
        #"{"loginName":"a:b","password":"p"}"#,
        "{\"loginName\":\"a\",\"password\":\"" + String(repeating: "x", count: 70_000) + "\"}",
        String(repeating: "[", count: 1_000),
    ])
    func `refuses a body that is none`(_ body: String) async throws {
        try await withAdmin()
        let answer = try await ask("POST", "/users/", body)

        #expect(answer.status == 400 && !answer.reason.isEmpty)
        #expect(!answer.reason.contains { $0.isNewline })
        #expect(directory.users().count == 1)
    }

    @Test func `knows its paths and methods`() async throws {
        try await withAdmin()
        for path in ["/streams/users", "/user", "/usersx", "/", ""] {
            let request = WireRequest("GET", path, origin: "")
            let answer = try await interface.respond(
                to: request,
                body: [],
                caller: Self.admin,
                directory: directory
            )
            #expect(answer == nil, "\(path)")
        }
        for path in ["/users/a/b", "/users/a/command/x", "/users/%", "/users/%FF", "/users//x"] {
            #expect(try await ask("GET", path).status == 404, "\(path)")
        }
        for method in ["PUT", "DELETE"] {
            #expect(try await ask(method, "/users/$current", "{}").status == 405)
        }
        #expect(try await ask("HEAD", "/users/admin").status == 200)
    }
}

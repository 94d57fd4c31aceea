import Testing

/// Users, as administrators of the product keep them (case 73).
struct UserCases {
    private func withAnn(_ body: (WireClient) async throws -> Void) async throws {
        try await Interface.with(hasUsers: true) { client in
            let answer = try await create(client.admin, password: "pw")
            #expect(answer.status == 201)
            #expect(answer["Location"] == "\(client.transport.origin)/users/ann")
            try await body(client)
        }
    }

    private func create(_ client: WireClient, password: String) async throws -> PlainAnswer {
        try await client.post(
            "/users/",
            "application/json",
            """
            {"loginName":"ann","fullName":"Ann A.","groups":["readers"],"password":"\(password)"}
            """
        )
    }

    private func read(_ client: WireClient, _ login: String = "ann") async throws -> JSONValue {
        let answer = try await client.get("/users/\(login)", accept: "application/json")
        try #require(answer.status == 200)
        return try JSONValue(answer.text)
    }

    @Test func `a user is read without the password`() async throws {
        try await withAnn { client in
            let answer = try await read(client.admin)
            #expect(answer["success"] == .flag(true))
            #expect(answer["error"] == .text("Success"))
            let data = try #require(answer["data"])
            #expect(data["loginName"] == .text("ann"))
            #expect(data["fullName"] == .text("Ann A."))
            #expect(data["groups"] == .array([.text("readers")]))
            #expect(data["disabled"] == .flag(false))
            guard case .object(let members) = data else { return }
            #expect(!members.keys.contains { $0.lowercased().contains("password") })
            #expect(!members.keys.contains { $0.lowercased().contains("hash") })
            guard case .array(let links)? = data["links"] else {
                Issue.record("no links in \(data)")
                return
            }
            #expect(
                Set(links.compactMap { $0["rel"]?.string })
                    == ["reset-password", "change-password", "edit", "delete", "disable"]
            )
            let base = "\(client.transport.origin)/users/ann"
            #expect(links.allSatisfy { $0["href"]?.string?.hasPrefix(base) == true })
        }
    }

    @Test func `a user is created once`() async throws {
        try await withAnn { client in
            let same = try await create(client.admin, password: "pw")
            #expect(same.status == 201)
            let other = try await create(client.admin, password: "other")
            #expect(other.status == 409)
            #expect(try JSONValue(other.text)["error"] == .text("Conflict"))
        }
    }

    @Test func `a user who is disabled can be enabled`() async throws {
        try await withAnn { client in
            for (command, isDisabled, link) in [
                ("disable", true, "enable"), ("enable", false, "disable"),
            ] {
                let answer = try await client.admin.send("POST", "/users/ann/command/\(command)")
                #expect(answer.status == 200)
                let data = try #require(try await read(client.admin)["data"])
                #expect(data["disabled"] == .flag(isDisabled))
                guard case .array(let links)? = data["links"] else { continue }
                #expect(links.contains { $0["rel"] == .text(link) })
            }
        }
    }

    @Test func `a user is changed`() async throws {
        try await withAnn { client in
            let answer = try await client.admin.send(
                "PUT",
                "/users/ann",
                [.contentType("application/json")],
                body: #"{"fullName":"Ann B.","groups":["writers"]}"#
            )
            #expect(answer.status == 200)
            let data = try #require(try await read(client.admin)["data"])
            #expect(data["fullName"] == .text("Ann B."))
            #expect(data["groups"] == .array([.text("writers")]))
            #expect(try await client.login("ann", "pw").get("/ping", accept: "*/*").status == 200)
        }
    }

    @Test func `a password is reset by an administrator and changed by its owner`() async throws {
        try await withAnn { client in
            let reset = try await client.admin.post(
                "/users/ann/command/reset-password",
                "application/json",
                #"{"newPassword":"second"}"#
            )
            #expect(reset.status == 200)
            #expect(
                try await read(client.login("ann", "second"), "$current")["success"]
                    == .flag(true)
            )
            let wrong = try await client.login("ann", "second").post(
                "/users/ann/command/change-password",
                "application/json",
                #"{"currentPassword":"pw","newPassword":"third"}"#
            )
            #expect(wrong.status == 401)
            let right = try await client.login("ann", "second").post(
                "/users/ann/command/change-password",
                "application/json",
                #"{"currentPassword":"second","newPassword":"third"}"#
            )
            #expect(right.status == 200)
            #expect(try await client.login("ann", "second").get("/ping").status == 401)
            #expect(
                try await read(client.login("ann", "third"), "$current")["success"]
                    == .flag(true)
            )
        }
    }

    @Test func `a user who is deleted is not found`() async throws {
        try await withAnn { client in
            #expect(try await client.admin.send("DELETE", "/users/ann").status == 200)
            let answer = try await client.admin.get("/users/ann", accept: "application/json")
            #expect(answer.status == 404)
            let again = try await client.admin.send("DELETE", "/users/ann")
            #expect(again.status == 404)
        }
    }

    @Test func `users are no business of others`() async throws {
        try await withAnn { client in
            let ann = client.login("ann", "pw")
            #expect(try await ann.get("/users/", accept: "application/json").status == 401)
            #expect(try await ann.send("DELETE", "/users/ann").status == 401)
            #expect(try await create(ann, password: "pw").status == 401)
            let answer = try await read(ann, "$current")
            #expect(answer["data"]?["loginName"] == .text("ann"))
        }
    }
}

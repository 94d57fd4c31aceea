import Testing

/// What deletes a stream takes the right to delete it, though it is appended like any event.
struct DeletingByAppendCases {
    /// A way to delete the stream `s` without DELETE.
    enum Attempt: String, CaseIterable, Sendable {
        case batch, endOfBatch, raw, incoming, metadata, metadataBatch, metadataRaw

        private static let ended = "$streamDeleted"
        private static let hidden = #"{"$tb":9223372036854775807}"#

        func send(by client: WireClient) async throws -> PlainAnswer {
            switch self {
            case .batch: return try await client.append("s", [BatchEvent(type: Self.ended)])
            case .endOfBatch:
                return try await client.append("s", [BatchEvent(), BatchEvent(type: Self.ended)])
            case .raw:
                return try await client.postSingle("/streams/s", id: newID(), type: Self.ended)
            case .incoming:
                let target = "/streams/s/incoming/\(newID())"
                return try await client.postSingle(target, id: nil, type: Self.ended)
            case .metadata:
                let target = "/streams/s/metadata"
                return try await client.postSingle(target, id: newID(), type: nil, Self.hidden)
            case .metadataBatch:
                let event = BatchEvent(type: "$metadata", data: Self.hidden)
                return try await client.append("$$s", [event])
            case .metadataRaw:
                return try await client.postSingle(
                    "/streams/$$s",
                    id: newID(),
                    type: "$metadata",
                    Self.hidden
                )
            }
        }

        /// How a read of the stream is answered afterwards.
        var statusAfterwards: Int {
            switch self {
            case .batch, .endOfBatch, .raw, .incoming: 410
            case .metadata, .metadataBatch, .metadataRaw: 404
            }
        }
    }

    /// Gives a store whose stream `s` user `ann` may write and describe, and somebody delete.
    private func with(
        _ kind: StoreKind,
        deletedBy role: String,
        _ body: (_ admin: WireClient, _ ann: WireClient) async throws -> Void
    ) async throws {
        try await Interface.with(kind, hasUsers: true) { client in
            let admin = client.admin
            let created = try await admin.post(
                "/users/",
                "application/json",
                #"{"loginName":"ann","fullName":"A user","groups":[],"password":"pw"}"#
            )
            try #require(created.status == 201)
            try await admin.fill("s", 2)
            let list = try await admin.postSingle(
                "/streams/s/metadata",
                id: newID(),
                type: nil,
                #"{"$acl":{"$w":"ann","$mw":"ann","$d":"\#(role)"}}"#
            )
            try #require(list.status == 201)
            try await body(admin, client.login("ann", "pw"))
        }
    }

    @Test(arguments: StoreKind.allCases, Attempt.allCases)
    func `without the right to delete nothing is written`(_ kind: StoreKind, _ attempt: Attempt)
        async throws
    {
        try await with(kind, deletedBy: "$admins") { admin, ann in
            // The rights to append and to describe are there.
            #expect(try await ann.append("s", [BatchEvent()]).status == 201)
            let list = #"{"$acl":{"$w":"ann","$mw":"ann","$d":"$admins"},"$tb":1}"#
            let described = try await ann.append(
                "$$s",
                [BatchEvent(type: "$metadata", data: list)]
            )
            #expect(described.status == 201)
            let before = try await admin.feed("/streams/$all").titles

            let answer = try await attempt.send(by: ann)

            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == #"BasicCustom realm="ES""#)
            #expect(try await admin.feed("/streams/$all").titles == before)
            #expect(try await admin.feed("/streams/s").titles == ["2@s", "1@s"])
        }
    }

    @Test(arguments: StoreKind.allCases, Attempt.allCases)
    func `with the right to delete the stream is deleted`(_ kind: StoreKind, _ attempt: Attempt)
        async throws
    {
        try await with(kind, deletedBy: "ann") { admin, ann in
            let answer = try await attempt.send(by: ann)
            #expect(answer.status == 201)
            let read = try await admin.get("/streams/s")
            #expect(read.status == attempt.statusAfterwards)
        }
    }
}

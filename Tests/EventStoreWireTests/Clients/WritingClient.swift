import Testing

/// Appends as the product's clients do: with the id in the address that the server gives, again
/// when an answer got lost, and with the newest number when somebody was faster.
struct WritingClient {
    /// An answer that the client does not understand.
    struct Unexpected: Error {
        let status: Int
        let reason: String

        init(_ answer: PlainAnswer) {
            status = answer.status
            reason = answer.reason
        }
    }

    let client: WireClient
    let stream: String
    /// The number that the newest event of the stream is believed to have.
    private(set) var newest: Int64 = -1
    /// How often somebody was faster.
    private(set) var conflicts = 0

    init(_ client: WireClient, stream: String) {
        self.client = client
        self.stream = stream
    }

    /// Appends one event for which the server makes the id, and asks again so many times in all, as
    /// if answers had got lost.
    func appendWithoutID(_ data: String, times: Int = 1) async throws -> [String?] {
        let redirect = try await client.postSingle("/streams/\(stream)", id: nil, "named", data)
        guard redirect.status == 307, let address = redirect["Location"] else {
            throw Unexpected(redirect)
        }
        var places: [String?] = []
        for _ in 0..<times {
            let answer = try await client.postSingle(address, id: nil, "named", data)
            guard answer.status == 201 else { throw Unexpected(answer) }
            places.append(answer["Location"])
        }
        return places
    }

    /// Appends one event after the newest, whatever that turns out to be.
    mutating func appendAfterNewest(_ event: BatchEvent) async throws -> String? {
        for _ in 0..<10 {
            let answer = try await client.append(
                stream,
                [event],
                PlainField("ES-ExpectedVersion", "\(newest)")
            )
            if answer.status == 201 {
                newest += 1
                return answer["Location"]
            }
            guard answer.status == 400, answer.reason == "Wrong expected EventNumber",
                let current = answer["ES-CurrentVersion"].flatMap({ Int64($0) })
            else { throw Unexpected(answer) }
            conflicts += 1
            newest = current
        }
        throw Unexpected(PlainAnswer(400, "never the newest"))
    }
}

extension WireClient {
    /// Appends one event with a type and data, and the id where it is known.
    fileprivate func postSingle(_ target: String, id: String?, _ type: String, _ data: String)
        async throws -> PlainAnswer
    {
        try await postSingle(target, id: id, type: type, data)
    }
}

import Subscriptions

// Connections that break, and bodies that do not end as they should.
extension Fault {
    /// The connection closes without an answer.
    public static let closedConnection = answer(
        "a connection that closes",
        .unreachable,
        [.close]
    )

    /// No answer comes, and the connection stays.
    public static let silence = answer("silence", .timedOut, [.stall])

    /// The body comes one byte at a time, 20 a second.
    public static let slowBody = Fault("a slow body", reporting: .timedOut) { occurrence in
        let answer = occurrence.answer
        let length = "Content-Length: \(answer.body.count)"
        return [answer.beginning(length), .drip(answer.body, every: .milliseconds(50))]
    }

    /// Half of the body comes, and then the connection closes.
    public static let truncatedBody = Fault("half a body", reporting: .unreachable) { occurrence in
        let answer = occurrence.answer
        let half = Array(answer.body.prefix(answer.body.count / 2))
        return [answer.beginning("Content-Length: \(answer.body.count)"), .send(half), .close]
    }

    /// The body does not end: a document has white space without end before its last tag.
    public static let endlessBody = Fault("a body without end", reporting: .tooLarge) {
        occurrence in
        let answer = occurrence.answer
        let beginning = Bytes.chunk(of: Array(answer.body.dropLast(8)))
        return [
            answer.beginning("Transfer-Encoding: chunked"), .send(beginning),
            .flood(Bytes.chunk, times: Bytes.endless),
        ]
    }

    /// The body is small and inflates to two gigabytes: a document has that much white space before
    /// its last tag.
    public static let inflatingBody = Fault(
        "a body that inflates to gigabytes",
        reporting: .tooLarge
    ) { occurrence in
        var answer = occurrence.answer
        answer["Content-Encoding"] = "gzip"
        answer.body = try Bytes.bomb(in: answer.body.dropLast(8), answer.body.suffix(8))
        return [answer.step]
    }

    /// Connections that break before there is an answer.
    public static let connections: [Fault] = [
        closedConnection,
        silence,
        answer(
            "half a head",
            .unreachable,
            [.text("HTTP/1.1 200 OK\r\nContent-Type: application/at"), .close]
        ),
        answer("another protocol", .malformedDocument, [.text("220 mail.example ready\r\n")]),
        answer("a status of letters", .malformedDocument, [.text("HTTP/1.1 2x0 OK\r\n\r\n")]),
        answer(
            "a switch to another protocol",
            .malformedDocument,
            [.text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n\r\n"), .close]
        ),
        answer(
            "a field without end",
            .malformedDocument,
            [
                .text("HTTP/1.1 200 OK\r\nX: "),
                .flood(
                    [UInt8](repeating: UInt8(ascii: "x"), count: 16 << 10),
                    times: Bytes.endless
                ),
            ]
        ),
        answer(
            "fields without end",
            .malformedDocument,
            [
                .text("HTTP/1.1 200 OK\r\n"),
                .flood(
                    Array(String(repeating: "X: y\r\n", count: 2_000).utf8),
                    times: Bytes.endless
                ),
            ]
        ),
    ]

    /// Bodies that are slow, cut off, too large, or framed in ways of their own.
    public static let bodies: [Fault] = [
        slowBody,
        truncatedBody,
        endlessBody,
        inflatingBody,
        Fault("half a body, then nothing", reporting: .timedOut) { occurrence in
            let answer = occurrence.answer
            let half = Array(answer.body.prefix(answer.body.count / 2))
            return [answer.beginning("Content-Length: \(answer.body.count)"), .send(half), .stall]
        },
        Fault("no last chunk", reporting: .unreachable) { occurrence in
            let answer = occurrence.answer
            let chunk = Bytes.chunk(of: answer.body)
            return [answer.beginning("Transfer-Encoding: chunked"), .send(chunk), .close]
        },
        Fault("a chunk without a size", reporting: .malformedDocument) { occurrence in
            [
                occurrence.answer.beginning("Transfer-Encoding: chunked"),
                .text("some\r\n"), .send(occurrence.answer.body),
            ]
        },
        Fault("in chunks", reporting: nil) { occurrence in
            let answer = occurrence.answer
            let half = answer.body.count / 2
            return [
                answer.beginning("Transfer-Encoding: chunked"),
                .send(Bytes.chunk(of: Array(answer.body[..<half]))),
                .send(Bytes.chunk(of: Array(answer.body[half...]))), .text("0\r\n\r\n"),
            ]
        },
        Fault("a body up to the end of the connection", reporting: nil) { occurrence in
            let answer = occurrence.answer
            return [answer.beginning("Connection: close"), .send(answer.body), .close]
        },
        Fault("two lengths", reporting: .malformedDocument) { occurrence in
            let answer = occurrence.answer
            let lengths = "Content-Length: \(answer.body.count)\r\nContent-Length: 7"
            return [answer.beginning(lengths), .send(answer.body), .close]
        },
        Fault("a length of terabytes", reporting: .tooLarge) { occurrence in
            let answer = occurrence.answer
            let most = "Content-Length: 9000000000000"
            return [
                answer.beginning(most), .send(answer.body.dropLast(8)),
                .flood(Bytes.space, times: Bytes.endless),
            ]
        },
        change("an empty body", .malformedDocument) { $0.body = [] }
            .reporting(.changedDocument, at: .value),
        change("a value with one byte less", .changedDocument, at: [.value]) {
            $0.body.removeLast()
        },
        change("a value with one byte more", .tooLarge, at: [.value]) { $0.body.append(7) },
        change("a value with another byte", .changedDocument, at: [.value]) {
            $0.body[$0.body.count / 2] ^= 1
        },
    ]

    /// Codings: gzip as it should be and not, and such as nobody asked for.
    public static let codings: [Fault] = [
        change("gzip", nil) {
            $0["Content-Encoding"] = "gzip"
            $0.body = try gzip($0.body)
        },
        change("gzip in two members", nil) {
            $0["Content-Encoding"] = "X-GZip"
            $0.body = try gzip($0.body.dropLast(20)) + gzip($0.body.suffix(20))
        },
        change("half a gzip", .malformedDocument) {
            $0["Content-Encoding"] = "gzip"
            $0.body = try gzip($0.body)
            $0.body.removeLast($0.body.count / 2)
        },
        change("gzip with a wrong checksum", .malformedDocument) {
            $0["Content-Encoding"] = "gzip"
            $0.body = try gzip($0.body)
            $0.body[$0.body.count - 6] ^= 1
        },
        change("gzip that is none", .malformedDocument) { $0["Content-Encoding"] = "gzip" },
        change("gzip twice", .malformedDocument) {
            $0["Content-Encoding"] = "gzip, gzip"
            $0.body = try gzip(gzip($0.body))
        },
        change("a coding that nobody asked for", .malformedDocument) {
            $0["Content-Encoding"] = "br"
        },
        change("no coding, in words", nil) { $0["Content-Encoding"] = "identity" },
    ]
}

import Subscriptions

// Answers whose status is not the right one.
extension Fault {
    /// An answer with this status and nothing to read.
    ///
    /// - Parameters:
    ///   - status: The status, of three digits.
    ///   - fields: Header fields as whole lines, besides `Content-Length`.
    /// - Returns: The fault.
    public static func status(_ status: Int, fields: [String] = []) -> Fault {
        let name = (["status \(status)"] + fields).joined(separator: ", ")
        let fault = answer(name, code(of: status), [.answer(status, fields)])
        return switch status {
        // The head document says that the page is there.
        case 404, 410: fault.reporting(.hole, at: .page)
        // A value is known by its length and digest alone.
        case 204, 205: fault.reporting(.changedDocument, at: .value)
        default: fault
        }
    }

    /// 503 with a wish to be left alone.
    ///
    /// - Parameter value: The field's value.
    /// - Returns: The fault.
    public static func retryAfter(_ value: String) -> Fault {
        status(503, fields: ["Retry-After: \(value)"])
    }

    /// The same fault, at fewer places: for what has nothing to do with what is asked for.
    private func only(at places: Set<Place>) -> Fault {
        var fault = self
        fault.places = places
        return fault
    }

    private static func code(of status: Int) -> SourceError.Code {
        switch status {
        case 401, 403, 407: .unauthorised
        case 408, 425, 429, 500...999: .unavailable
        case 400...499: .refused
        default: .malformedDocument
        }
    }

    /// Statuses of every class, known and unknown.
    public static let statuses: [Fault] =
        [204, 206, 300, 304, 400, 401, 404, 408, 410, 418, 429, 500, 503].map { status($0) }
        + [
            205, 305, 306, 399, 402, 403, 405, 406, 407, 409, 411, 412, 413, 414, 415, 421, 425,
            426, 431, 451, 499, 501, 502, 504, 507, 511, 599, 777, 999,
        ].map { status($0).only(at: [.page]) }
        + [
            change("status 203", nil) { $0.status = 203 },
            change("status 299", nil) { $0.status = 299 },
            answer(
                "an error in HTML",
                .unavailable,
                [.answer(502, ["Content-Type: text/html"], text: "<html>Bad gateway</html>")]
            ),
            answer(
                "an error without end",
                .unavailable,
                [
                    .text("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n"),
                    .flood(Bytes.chunk, times: Bytes.endless),
                ]
            ),
            Fault("an error that inflates to gigabytes", reporting: .unavailable) { _ in
                let fields = ["Content-Type: application/problem+json", "Content-Encoding: gzip"]
                return [.answer(500, fields, try Bytes.bomb(in: [], []))]
            },
        ]

    /// `Retry-After` in every form, sensible and not.
    public static let retryAfterForms: [Fault] =
        [
            "0", "7", "+7", "-1", "7.5", "1e3", "0x10", "soon", "", "7, 9", "86400",
            "9223372036854775807", "9223372036854775808", String(repeating: "9", count: 400),
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994", "Fri, 31 Dec 9999 23:59:59 GMT",
            "Fri, 31 Dec 9999 23:59:59 +0200", "Mon, 32 Foo 2026 25:61:61 GMT",
            "2026-01-01T00:00:00Z",
        ].map { retryAfter($0).only(at: [.after]) }
        + [
            ["Retry-After: 7", "Retry-After: 9"],
            ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", "Date: yesterday"],
            // By a clock that is decades behind, which says so.
            ["Date: Thu, 01 Jan 1970 00:00:00 GMT", "Retry-After: Thu, 01 Jan 1970 00:00:07 GMT"],
            // By a clock that is decades ahead.
            ["Date: Wed, 01 Jan 2070 00:00:00 GMT", "Retry-After: Wed, 01 Jan 2070 00:00:07 GMT"],
        ].map { status(429, fields: $0).only(at: [.after]) }
}

// What comes before an answer.
extension Fault {
    private static let interim = "HTTP/1.1 103 Early Hints\r\nLink: <x>; rel=preload\r\n\r\n"

    /// Interim answers (1xx), with an answer behind them and without.
    public static let interimAnswers: [Fault] = [
        preceded("100 before the answer", by: "HTTP/1.1 100 Continue\r\n\r\n"),
        preceded("103 before the answer", by: interim),
        preceded("199 before the answer", by: "HTTP/1.1 199 What\r\n\r\n"),
        preceded("a hundred interim answers", by: String(repeating: interim, count: 100)),
        answer("an interim answer, then the end", .unreachable, [.text(interim), .close]),
        answer("an interim answer, then nothing", .timedOut, [.text(interim), .stall]),
        answer(
            "interim answers without end",
            .timedOut,
            [.flood(Array(String(repeating: interim, count: 100).utf8), times: Bytes.endless)]
        ),
    ]

    private static func preceded(_ name: String, by text: String) -> Fault {
        Fault(name, reporting: nil) { [.text(text), $0.answer.step] }
    }
}

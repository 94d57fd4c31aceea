/// A request that is not among the captures, although later answers depend on it.
struct SetUpStep: Sendable {
    /// The step goes before the first case with this number or a higher one.
    let number: Int
    /// What is sent.
    let request: PlainRequest
    /// The status that it must have.
    let status: Int
    /// Whether it is repeated until it has this status.
    var isRepeated = false
}

/// What must have happened before a captured case, as the answers of the cases tell it: which
/// events there are, with which ids, types, data and metadata.
enum SetUp {
    /// All steps, in their order.
    static let steps: [SetUpStep] =
        numbered("s25", family: 1, count: 25)
        + numbered("s20", family: 2, count: 20)
        + numbered("s40", family: 3, count: 40)
        + writes + links + metadata + truncation + users + deletions

    private static let admin = PlainField.login("admin", "changeit")

    /// The id of event n of a family.
    private static func id(_ family: Int, _ number: Int) -> String {
        let digits = [String(family, radix: 16), String(number, radix: 16)]
        let padded = zip(digits, [8, 12]).map {
            String(repeating: "0", count: $1 - $0.count) + $0
        }
        return "\(padded[0])-0000-4000-8000-\(padded[1])"
    }

    /// Events with numbered data and metadata, each in a request of its own, so that each has an
    /// instant of its own.
    private static func numbered(_ stream: String, family: Int, count: Int) -> [SetUpStep] {
        (0..<count).map { number in
            append(
                1,
                stream,
                """
                {"eventId":"\(id(family, number))","eventType":"typeA",
                "data":{"n":\(number),"s":"v\(number)"},"metadata":{"m":\(number)}}
                """
            )
        }
    }

    /// An append of a batch in JSON.
    private static func append(_ number: Int, _ stream: String, _ events: String...) -> SetUpStep {
        let request = PlainRequest(
            "POST",
            "/streams/\(stream)",
            [admin, .contentType("application/vnd.eventstore.events+json")],
            body: "[" + events.joined(separator: ",") + "]"
        )
        return SetUpStep(number: number, request: request, status: 201)
    }

    /// An append of one event whose id and type stand in the header.
    private static func single(
        _ number: Int,
        _ path: String,
        _ id: String,
        _ type: String?,
        _ data: String
    ) -> SetUpStep {
        var request = PlainRequest(
            "POST",
            "/streams/\(path)",
            [admin, .contentType("application/json"), PlainField("ES-EventId", id)],
            body: data
        )
        if let type { request.fields.append(PlainField("ES-EventType", type)) }
        return SetUpStep(number: number, request: request, status: 201)
    }

    private static func delete(_ number: Int, _ stream: String, isHard: Bool = false) -> SetUpStep {
        var request = PlainRequest("DELETE", "/streams/\(stream)", [admin])
        if isHard { request.fields.append(PlainField("ES-HardDelete", "true")) }
        return SetUpStep(number: number, request: request, status: 204)
    }

    private static func typeA(_ number: Int) -> String {
        #"{"eventId":"\#(id(10, number))","eventType":"typeA","data":{"a":\#(number)}}"#
    }

    private static let writes: [SetUpStep] = [
        append(18, "w1", typeA(2), typeA(3), typeA(4)),
        single(29, "w2", id(11, 2), "typeB", #"{"b":2}"#),
        SetUpStep(
            number: 84,
            request: PlainRequest(
                "POST",
                "/streams/wx",
                [admin, .contentType("application/vnd.eventstore.events+xml")],
                body: """
                    <Events><Event><EventId>\(id(13, 1))</EventId><EventType>xt</EventType>\
                    <Data><MyEvent><Something>1</Something></MyEvent></Data>\
                    <Metadata><M>2</M></Metadata></Event></Events>
                    """
            ),
            status: 201
        ),
        single(101, "ev1", id(14, 1), "t", #"{"v":1}"#),
        single(103, "ev1", id(14, 3), "t", #"{"v":1}"#),
    ]

    private static let links: [SetUpStep] = [
        append(
            274,
            "odd%20name%40x%25y",
            #"{"eventId":"\#(id(22, 1))","eventType":"t","data":{}}"#
        ),
        append(
            279,
            "links",
            #"{"eventId":"\#(id(23, 1))","eventType":"$>","data":"0@s25","metadata":{"lm":1}}"#,
            #"{"eventId":"\#(id(23, 2))","eventType":"$>","data":"999@s25"}"#,
            #"{"eventId":"\#(id(23, 3))","eventType":"$>","data":"0@nosuchstream"}"#,
            #"{"eventId":"\#(id(23, 4))","eventType":"plain","data":{"p":1}}"#
        ),
    ]

    private static let metadata: [SetUpStep] = [
        single(
            298,
            "s20/metadata",
            id(30, 2),
            nil,
            #"{"$maxCount":5,"$cacheControl":17,"custom":"y"}"#
        ),
        single(321, "s40/metadata", id(30, 4), nil, #"{"$tb":30}"#),
    ]

    private static let truncation: [SetUpStep] = [
        append(328, "aged", #"{"eventId":"\#(id(31, 1))","eventType":"t","data":{}}"#),
        single(328, "aged/metadata", id(30, 5), nil, #"{"$maxAge":1}"#),
        SetUpStep(
            number: 330,
            request: PlainRequest(
                "GET",
                "/streams/aged/0",
                [admin, .accept("application/json")]
            ),
            status: 404,
            isRepeated: true
        ),
        append(331, "badmeta", #"{"eventId":"\#(id(31, 2))","eventType":"typeA","data":{}}"#),
        single(331, "badmeta/metadata", id(30, 6), nil, #"{"$maxCount":"many","$acl":7}"#),
    ]

    private static let users: [SetUpStep] = [
        append(341, "secret", #"{"eventId":"\#(id(40, 5))","eventType":"t","data":{}}"#),
        SetUpStep(
            number: 344,
            request: PlainRequest(
                "POST",
                "/users/",
                [admin, .contentType("application/json")],
                body: #"{"loginName":"bob","fullName":"Bob","groups":["g1"],"password":"pw"}"#
            ),
            status: 201
        ),
        single(
            348,
            "secret/metadata",
            id(30, 7),
            nil,
            #"{"$acl":{"$r":"bob","$w":["g1"],"$d":"$admins","$mr":"$admins","$mw":"$admins"}}"#
        ),
    ]

    private static let deletions: [SetUpStep] =
        ["d1", "d2", "d3", "d4"].enumerated().flatMap { index, stream in
            (0..<3).map { number in
                append(
                    361,
                    stream,
                    #"{"eventId":"\#(id(50 + index, number))","eventType":"t","data":{}}"#
                )
            }
        } + [
            delete(374, "d2"),
            delete(386, "dmissing"),
            delete(389, "dmissing3", isHard: true),
        ]
}

/// Where our answer is deliberately another than the captured one.
struct Difference: Sendable {
    /// The captured case.
    let number: Int
    /// Why it is another, in a sentence.
    let reason: String
    /// Turns the captured answer into the one that is expected.
    let change: @Sendable (inout PlainAnswer, Expectation) throws -> Void

    /// What a change may look at.
    struct Expectation {
        /// All captured cases.
        let cases: CapturedCases
        /// Our answer, for what no capture tells.
        let answer: PlainAnswer
        /// What our answer came by.
        let transport: any Transport
    }
}

extension Difference {
    /// All of them, by case.
    static let all: [Difference] = requests + refusals + users + log

    /// How requests are understood.
    private static let requests = [
        Difference(
            number: 12,
            reason: "HEAD is answered as GET is, without the body; 405 helps nobody."
        ) { expected, other in
            expected = try other.cases[121].answer
            expected.body = []
        },
        noBody(55, "<data />"),
        noBody(67, "<data>plain text</data>"),
        Difference(
            number: 72,
            reason: "Numbers are shown as they were written: 1e5 is not turned into 100000.0."
        ) { expected, _ in expected.replace(#""e": 100000.0"#, with: #""e": 1e5"#) },
        dollarMembers(75),
        dollarMembers(80),
        dollarMembers(82),
        Difference(
            number: 110,
            reason: "Whatever goes wrong, a page of another origin may learn it."
        ) { expected, other in
            for field in try other.cases[112].answer.fields
            where field.name.hasPrefix("Access-Control-") { expected.fields.append(field) }
        },
        Difference(
            number: 132,
            reason: "Every element of Accept counts; Mono looks at the first alone."
        ) { expected, other in expected = try other.cases[128].answer },
        Difference(
            number: 270,
            reason: "Host decides about the port of addresses, too, as on .NET; Mono keeps its own."
        ) { expected, _ in
            expected.replace(CapturedCases.origin, with: "http://127.0.0.1:9999")
        },
        Difference(
            number: 272,
            reason: "A content coding is a matter of the connection, and its bytes are zlib's."
        ) { expected, other in
            let coding = expected["Content-Encoding"]
            expected = try other.cases[177].answer
            if other.transport.hasConnection {
                expected.set("Content-Encoding", to: coding)
                // Or a cache would hand the compressed answer to whoever cannot read it.
                expected.set("Vary", to: "Accept, Accept-Encoding")
                expected.body = other.answer.body
            }
        },
        Difference(
            number: 277,
            reason: "RFC 9110 wants a 405 to name the methods that there are."
        ) { expected, _ in expected.set("Allow", to: "GET, OPTIONS") },
    ]

    /// Answers about users.
    private static let users = [345, 347].map { number in
        Difference(
            number: number,
            reason: "Nobody may keep what is said of users."
        ) { expected, _ in expected.set("Cache-Control", to: "no-store") }
    }

    private static let unseen = "2026-11-23T10:31:11.9Z"

    @Sendable
    private static func isSecond(_ entry: String) -> Bool {
        entry.contains("<title>1@$$d1</title>")
    }

    /// What stands in the log of all streams.
    private static let log = [
        Difference(
            number: 395,
            reason: "Deleting a stream that is deleted already writes nothing."
        ) { expected, _ in
            var entries = expected.text.matches(of: #/<entry>.*?</entry>/#).map {
                String($0.output)
            }
            guard entries.count == 20, let again = entries.firstIndex(where: Self.isSecond),
                let last = entries.last
            else { throw PlainAnswer.NoEntries(text: expected.text) }
            expected.replace(entries.joined(), with: "<entries />")
            entries.remove(at: again)
            entries = entries.map { $0.renumbered("%24%24d1", "$$d1") }
            // The page goes on with one event more, of which no capture tells the instant.
            entries.append(
                last.renumbered("d1", "d1")
                    .replacing(
                        #/<updated>.*?</updated>/#,
                        with: "<updated>\(Self.unseen)</updated>"
                    )
            )
            expected.replace("<entries />", with: entries.joined())
        },
        Difference(
            number: 397,
            reason: "Users are no events here, so the log does not begin with theirs."
        ) { expected, other in try expected.takeEntries(of: other, count: 5) },
    ]

    /// Answers of a server with access control that refuse somebody.
    private static let refusals = [337, 340, 350, 357, 360, 392].map { number in
        Difference(
            number: number,
            reason: "Nobody between may keep the answer that somebody else had no right."
        ) { expected, _ in expected.set("Cache-Control", to: "no-store") }
    }

    /// A single event that the product cannot write as XML.
    private static func noBody(_ number: Int, _ xml: String) -> Difference {
        Difference(
            number: number,
            reason: "The product's formatter throws, and the client waits ten seconds for a 408."
        ) { expected, other in
            expected = try other.cases[70].answer
            expected.body = Array(xml.utf8)
        }
    }

    /// An event with members that a serializer of the product drops.
    private static func dollarMembers(_ number: Int) -> Difference {
        Difference(
            number: number,
            reason:
                "Members named $type, $id and $ref are data as all others, and numbers are kept."
        ) { expected, _ in
            expected.replace(#""e": 100000.0"#, with: #""e": 1e5"#)
            expected.replace(#"\"e\": 100000.0"#, with: #"\"e\": 1e5"#)
            expected.replace(
                #"{\n  \"k\": {"#,
                with: #"{\n  \"$type\": \"foo\",\n  \"$id\": \"7\",\n  \"k\": {"#
            )
            expected.replace(
                #""metaData": "{}""#,
                with: #""metaData": "{\n  \"$type\": \"qux\"\n}""#
            )
            for indent in ["    ", "          "] {
                expected.replace(
                    "{\n\(indent)\"k\": {",
                    with: "{\n\(indent)\"$type\": \"foo\",\n\(indent)\"$id\": \"7\",\n"
                        + "\(indent)\"k\": {"
                )
            }
            for indent in ["  ", "        "] {
                expected.replace(
                    "\n\(indent)\"metadata\": {}",
                    with: "\n\(indent)\"metadata\": {\n\(indent)  \"$type\": \"qux\"\n\(indent)}"
                )
            }
        }
    }
}

extension PlainAnswer {
    /// An entry is not there.
    fileprivate struct NoEntries: Error {
        let text: String
    }

    /// Keeps what a page of the log says about itself, with the entries of ours.
    fileprivate mutating func takeEntries(of other: Difference.Expectation, count: Int) throws {
        let mark = #""entries": ["#
        let ours = other.answer.text.replacing(
            other.transport.origin,
            with: CapturedCases.origin
        )
        guard let own = ours.firstRange(of: mark), let place = text.firstRange(of: mark),
            ours[own.upperBound...].ranges(of: #""title": "#).count == count
        else { throw NoEntries(text: ours) }
        body = Array((text[..<place.lowerBound] + ours[own.lowerBound...]).utf8)
    }
}

extension String {
    /// An entry of event 2 as that of event 1.
    fileprivate func renumbered(_ escaped: String, _ stream: String) -> String {
        replacing("2@\(stream)", with: "1@\(stream)")
            .replacing("/streams/\(escaped)/2", with: "/streams/\(escaped)/1")
    }
}

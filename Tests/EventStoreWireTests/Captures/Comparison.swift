/// Compares an answer with a captured one, apart from what is no part of the protocol.
struct Comparison {
    /// Fields of the captured server's own making, and those that follow from the connection.
    private static let ignored: Set<String> = [
        "server", "keep-alive", "connection", "date", "content-length",
    ]

    /// What every answer over a connection has besides, since no browser should guess types.
    private static let added = PlainField("X-Content-Type-Options", "nosniff")

    /// What the captured server's values are called by ours, as far as answers have shown.
    private(set) var known = KnownValues()

    /// Tells what is different; nothing if the answers say the same.
    mutating func differences(
        between answer: PlainAnswer,
        and captured: PlainAnswer,
        to request: PlainRequest,
        over transport: any Transport
    ) -> [String] {
        var found: [String] = []
        if answer.status != captured.status {
            found.append("status \(answer.status), not \(captured.status)")
        }
        if answer.reason != captured.reason {
            found.append("reason “\(answer.reason)”, not “\(captured.reason)”")
        }
        let side = Sides(isAboutAll: request.isAboutAll, origin: transport.origin)
        let added = transport.hasConnection ? [Self.added] : []
        found += fieldDifferences(answer.fields, captured.fields + added, side)
        found += difference("body", answer.body, captured.body, side)
        if transport.hasConnection, request.method != "HEAD", let length = answer["Content-Length"],
            length != "\(answer.body.count)"
        {
            found.append("Content-Length \(length) of \(answer.body.count) bytes")
        }
        return found
    }

    /// What masking must know about the two answers.
    private struct Sides {
        let isAboutAll: Bool
        let origin: String

        func own(_ bytes: some Sequence<UInt8>) -> Masked {
            Masked(bytes, origin: origin, isAboutAll: isAboutAll)
        }

        func captured(_ bytes: some Sequence<UInt8>) -> Masked {
            Masked(bytes, origin: CapturedCases.origin, isAboutAll: isAboutAll)
        }
    }

    private mutating func fieldDifferences(
        _ own: [PlainField],
        _ captured: [PlainField],
        _ sides: Sides
    ) -> [String] {
        let names = (own + captured).map { $0.name.lowercased() }.filter {
            !Self.ignored.contains($0)
        }
        var found: [String] = []
        for name in Set(names).sorted() {
            let ours = own.filter { $0.name.lowercased() == name }.map(\.value)
            let theirs = captured.filter { $0.name.lowercased() == name }.map(\.value)
            guard ours.count == theirs.count else {
                found.append("\(name): \(ours), not \(theirs)")
                continue
            }
            for (our, their) in zip(ours, theirs) {
                found += difference(name, Array(our.utf8), Array(their.utf8), sides)
            }
        }
        return found
    }

    private mutating func difference(
        _ what: String,
        _ own: [UInt8],
        _ captured: [UInt8],
        _ sides: Sides
    ) -> [String] {
        let ours = sides.own(own)
        let theirs = sides.captured(captured)
        guard ours.text == theirs.text else { return [Self.excerpt(what, ours.text, theirs.text)] }
        var found: [String] = []
        for (our, their) in zip(ours.values, theirs.values) {
            if !known.learn(their, our) {
                let before = known.own(their.kind, their.text) ?? ""
                found.append("\(what): \(our.kind) \(our.text), where \(before) stood before")
            }
            if our.kind == .time, our.text.contains("."), our.text.hasSuffix("0") {
                found.append("\(what): the zeros at the end of \(our.text)")
            }
        }
        return found
    }

    /// Both texts from shortly before they part.
    private static func excerpt(_ what: String, _ own: String, _ captured: String) -> String {
        let common = zip(own, captured).prefix { $0 == $1 }.count
        let start = max(0, common - 40)
        let ours = own.dropFirst(start).prefix(160)
        let theirs = captured.dropFirst(start).prefix(160)
        return "\(what) from character \(common):\n  ours: …\(ours)\n  expected: …\(theirs)"
    }
}

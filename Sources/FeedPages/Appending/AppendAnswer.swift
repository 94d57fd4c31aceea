package import EventModel

/// The body of the answer to an append:
/// `{"first":…,"last":…,"versions":{…},"firstVersions":{…}}` and LF.
package struct AppendAnswer: Sendable {
    /// Where the events are.
    package let result: AppendResult
    private let streams: [StreamName]

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - result: Where the events are.
    ///   - streams: The streams in order of first appearance.
    package init(_ result: AppendResult, streams: [StreamName]) {
        self.result = result
        self.streams = streams
    }

    /// Renders the body.
    ///
    /// - Returns: One line of JSON.
    package func render() -> [UInt8] {
        var bytes = Array("{\"first\":\(result.first),\"last\":\(result.last),".utf8)
        append("versions", result.versions, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        append("firstVersions", result.firstVersions, to: &bytes)
        bytes += Array("}\n".utf8)
        return bytes
    }

    private func append(
        _ name: StaticString,
        _ versions: [StreamName: StreamVersion],
        to bytes: inout [UInt8]
    ) {
        JSONWriting.appendName(name, to: &bytes)
        bytes.append(UInt8(ascii: "{"))
        for (index, stream) in streams.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriting.appendString(stream.text, to: &bytes)
            bytes += Array(":\(versions[stream] ?? .empty)".utf8)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

// Reading.
extension AppendAnswer {
    /// Reads a body; members that are unknown are skipped.
    ///
    /// - Parameters:
    ///   - body: The whole body; returns nil where it is JSON but no result of an append.
    ///   - isRepetition: Whether the status said that all events had been recorded before.
    /// - Throws: `JSONError` where the body is no JSON.
    package init?(_ body: [UInt8], isRepetition: Bool) throws(JSONError) {
        var reader = JSONReader(body)
        var numbers: [String: EventNumber] = [:]
        var versions: [(stream: StreamName, version: StreamVersion)] = []
        var firstVersions: [(stream: StreamName, version: StreamVersion)] = []
        try reader.enterObject()
        var isFirst = true
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            switch try name.text(in: body) {
            case "versions":
                guard let read = try Self.versions(&reader, body) else { return nil }
                versions = read
            case "firstVersions":
                guard let read = try Self.versions(&reader, body) else { return nil }
                firstVersions = read
            case let name:
                let value = body[try reader.value()]
                numbers[name] = Decimal.number(value).map { EventNumber($0) }
            }
        }
        try reader.endText()
        guard let first = numbers["first"], let last = numbers["last"], first <= last else {
            return nil
        }
        result = AppendResult(
            first: first,
            last: last,
            versions: Dictionary(versions.map { ($0.stream, $0.version) }) { $1 },
            firstVersions: Dictionary(firstVersions.map { ($0.stream, $0.version) }) { $1 },
            wasAlreadyRecorded: isRepetition
        )
        streams = versions.map(\.stream)
    }

    private static func versions(_ reader: inout JSONReader, _ body: [UInt8])
        throws(JSONError) -> [(stream: StreamName, version: StreamVersion)]?
    {
        var versions: [(stream: StreamName, version: StreamVersion)] = []
        try reader.enterObject()
        var isFirst = true
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            let text = try name.text(in: body)
            let version = Decimal.number(body[try reader.value()])
            // A name that is none cannot be that of a stream of ours.
            guard let version, let stream = try? StreamName(text) else { return nil }
            versions.append((stream, StreamVersion(version)))
        }
        return versions
    }
}

import EventModel
import FeedPages

/// The body of the answer to an append: `{"first":…,"last":…,"versions":{…}}` and LF.
struct AppendAnswer {
    private let result: AppendResult
    private let streams: [StreamName]

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - result: Where the events are.
    ///   - streams: The streams in order of first appearance.
    init(_ result: AppendResult, streams: [StreamName]) {
        self.result = result
        self.streams = streams
    }

    /// Renders the body.
    func render() -> [UInt8] {
        var bytes = Array("{\"first\":\(result.first),\"last\":\(result.last),\"versions\":{".utf8)
        for (index, stream) in streams.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriting.appendString(stream.text, to: &bytes)
            bytes += Array(":\(result.versions[stream] ?? .empty)".utf8)
        }
        bytes += Array("}}\n".utf8)
        return bytes
    }
}

public import EventModel

extension ProtectedResource {
    /// What somebody must be allowed to append events.
    ///
    /// Each event needs the right to write its stream, which for a metadata stream is the right to
    /// write the metadata of the one that it describes. What deletes a stream needs the right to
    /// delete it besides: an event of type `$streamDeleted`, and metadata whose `$tb` is
    /// 9223372036854775807.
    ///
    /// - Parameter events: The events.
    /// - Returns: What is needed, each once and in the order of the events, so that it is always
    ///   the same one that is refused first.
    /// - Complexity: Metadata events are walked over; of others only stream and type are looked at.
    public static func needed(toAppend events: [NewEvent]) -> [ProtectedResource] {
        var needed: [ProtectedResource] = []
        var known: Set<ProtectedResource> = []
        func need(_ resource: ProtectedResource) {
            if known.insert(resource).inserted { needed.append(resource) }
        }
        for event in events {
            need(.stream(event.stream, .write))
            if let described = event.stream.describedStream {
                if StreamDeletion.isDescribed(by: event.data.bytes) {
                    need(.stream(described, .delete))
                }
            } else if event.type.text.utf8.elementsEqual(StreamDeletion.typeName.utf8) {
                need(.stream(event.stream, .delete))
            }
        }
        return needed
    }
}

/// How events say that a stream is deleted.
enum StreamDeletion {
    /// The type of the event that deletes its stream for ever.
    static let typeName = "$streamDeleted"

    /// Whether metadata deletes its stream: whether nothing before the highest number there is
    /// shall be read.
    static func isDescribed(by metadata: [UInt8]) -> Bool {
        do throws(JSONError) {
            var reader = JSONReader(metadata)
            _ = reader.peek()
            try reader.enterObject()
            var isFirst = true
            while let name = try reader.nextName(isFirst: isFirst) {
                isFirst = false
                let isBound = try name.utf8(in: metadata).elementsEqual("$tb".utf8)
                let value = try reader.value()
                // Whatever a reader might round to the highest number counts as it.
                if isBound, let bound = Double(String(decoding: metadata[value], as: UTF8.self)),
                    bound >= Double(Int64.max)
                {
                    return true
                }
            }
            return false
        } catch {
            // What is no JSON object says nothing.
            return false
        }
    }
}

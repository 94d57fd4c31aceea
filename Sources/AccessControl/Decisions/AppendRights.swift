public import EventModel

extension ProtectedResource {
    /// What somebody must be allowed to append events.
    ///
    /// Each event needs the right to write its stream, which for a metadata stream is the right to
    /// write the metadata of the one that it describes. What deletes a stream needs the right to
    /// delete it besides: an event of type `$streamDeleted`, and metadata that a store takes for
    /// a deletion (`StreamMetadata.isDeleted`).
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
                if StreamMetadata(reading: event.data.bytes).isDeleted {
                    need(.stream(described, .delete))
                }
            } else if event.isTombstone {
                need(.stream(event.stream, .delete))
            }
        }
        return needed
    }
}

extension NewEvent {
    /// What deletes a stream until somebody appends to it: metadata that hides every event.
    ///
    /// It takes the place of whatever was said about the stream. To make the deletion conditional,
    /// expect something of the stream in the same ``AppendBatch``. The events stay in the global
    /// feed for ever.
    ///
    /// - Parameters:
    ///   - stream: The stream to delete; one that nobody ever wrote to may be deleted too.
    ///   - id: The identity of the event.
    /// - Returns: An event of the stream's metadata stream.
    /// - Throws: ``InvalidAppend/noMetadataStream(_:)``.
    public static func deletion(
        of stream: StreamName,
        id: EventID = .timeOrdered()
    ) throws(InvalidAppend) -> NewEvent {
        guard let metadataStream = stream.metadataStream else {
            throw .noMetadataStream(stream)
        }
        return NewEvent(
            id: id,
            stream: metadataStream,
            type: .streamMetadata,
            data: Payload(
                StreamMetadata.truncating(through: StreamMetadata.everything, []),
                mediaType: .json
            )
        )
    }

    /// What ends a stream for ever: the last event that it can have.
    ///
    /// It gets the next number and version like any event. Afterwards nothing can be read from the
    /// stream or appended to it or its metadata stream; the global feed keeps its events.
    ///
    /// - Parameters:
    ///   - stream: The stream to end; no metadata stream.
    ///   - id: The identity of the event.
    /// - Returns: An event of the stream.
    public static func tombstone(
        of stream: StreamName,
        id: EventID = .timeOrdered()
    ) -> NewEvent {
        NewEvent(id: id, stream: stream, type: .streamDeleted, data: .json("{}"))
    }

    /// Whether this event ends its stream for ever.
    package var isTombstone: Bool { type == .streamDeleted }
}

import EventModel
import FeedPages

/// An event of the source with its exact content.
struct SourceEvent: Hashable, Sendable {
    /// Its number in its stream, from 0; ``SourceEntry/tombstoneNumber`` for what ends it.
    let number: Int64
    /// What is to be recorded.
    var event: NewEvent
    /// Why the content, or the id, may not be exactly what the source has; nil where it is.
    let doubt: String?

    /// The event in the source's own words, for messages.
    var name: String { "\(number)@\(event.stream)" }

    /// Takes an entry whose event is recorded where it stands.
    ///
    /// - Parameters:
    ///   - entry: The entry, whose place is known.
    ///   - data: The bytes of the data.
    ///   - doubt: Why they may not be exact.
    /// - Throws: ``CommandError`` (`dataError`) where a name is none that a store can have.
    init(_ entry: SourceEntry, data: [UInt8], doubt: String? = nil) throws(CommandError) {
        guard let stream = entry.placeStream, let number = entry.placeNumber, let id = entry.id,
            let type = entry.type
        else { throw CommandError(.protocolError, "an entry of the source is not complete") }
        self.number = number
        let hole = "the source does not show bytes that are no UTF-8"
        self.doubt = doubt ?? (entry.metadata.hasReplacement ? "its metadata: \(hole)" : nil)
        do throws(InvalidName) {
            event = NewEvent(
                id: id,
                stream: try StreamName(stream),
                type: try EventType(type),
                data: Payload(data, mediaType: Self.mediaType(data, isJSON: entry.isJSON)),
                metadata: entry.metadata.isEmpty
                    ? nil
                    : Payload(
                        entry.metadata,
                        mediaType: Self.mediaType(
                            entry.metadata,
                            isJSON: entry.isJSON && entry.metadata.isJSON
                        )
                    )
            )
        } catch {
            throw CommandError(
                .dataError,
                "event \(entry.title) of the source cannot be copied: \(error); to go on without "
                    + "its stream, give --leave-out '\(stream)'"
            )
        }
        if type == EventType.streamDeleted.text, !entry.isTombstone {
            throw CommandError(
                .dataError,
                "event \(entry.title) of the source has the type $streamDeleted, which would end "
                    + "its stream here; to go on without the stream, give --leave-out '\(stream)'"
            )
        }
    }

    /// What bytes are, as far as the source says: JSON or not.
    private static func mediaType(_ bytes: [UInt8], isJSON: Bool) -> MediaType {
        if isJSON { return .json }
        guard !bytes.isEmpty, String(validating: bytes, as: UTF8.self) != nil else {
            return .octetStream
        }
        return MediaType(stored: "text/plain;charset=utf-8")
    }

    /// Whether `POST /events` takes it: metadata there is a JSON object.
    var isPlain: Bool {
        guard let metadata = event.metadata else { return true }
        guard metadata.mediaType.isJSON else { return false }
        do throws(InvalidSubmission) {
            try InvalidSubmission.checkMetadata(metadata.bytes, field: "metadata")
            return true
        } catch {
            return false
        }
    }

    /// What the event says about how much of a stream is hidden, where that is a number of its
    /// stream and not all of it.
    var truncation: (stream: StreamName, before: Int64)? {
        guard event.type == .streamMetadata, let described = event.stream.describedStream else {
            return nil
        }
        let metadata = StreamMetadata(reading: event.data.bytes)
        guard let through = metadata.truncatedThrough, !metadata.isDeleted else { return nil }
        return (described, through.rawValue)
    }

    /// The stream and number that a link leads to.
    var linkTarget: (stream: String, number: Int64)? {
        guard event.type == .link,
            let text = String(validating: event.data.bytes, as: UTF8.self),
            let at = text.utf8.firstIndex(of: UInt8(ascii: "@")), let number = Int64(text[..<at])
        else { return nil }
        return (String(text[text.utf8.index(after: at)...]), number)
    }
}

extension [UInt8] {
    /// Whether the character is in it that stands for bytes which are no UTF-8.
    var hasReplacement: Bool {
        // U+FFFD is EF BF BD.
        guard count >= 3 else { return false }
        return (0...(count - 3)).contains {
            self[$0] == 0xEF && self[$0 + 1] == 0xBF && self[$0 + 2] == 0xBD
        }
    }

    /// Whether it is one JSON text.
    fileprivate var isJSON: Bool {
        do throws(JSONError) {
            try JSONReader.validate(self)
            return true
        } catch {
            return false
        }
    }

    /// Whether the product would have written it anew: it begins as an object does.
    var mayBeIndented: Bool {
        first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == UInt8(ascii: "{")
    }
}

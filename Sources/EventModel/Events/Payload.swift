/// Bytes with their media type: an event's data, or its metadata.
public struct Payload: Hashable, Sendable {
    /// What the bytes are.
    public let mediaType: MediaType
    /// The bytes exactly as they were written; they leave the store as they came.
    public let bytes: [UInt8]

    /// Puts bytes and their media type together; nothing is checked or changed.
    ///
    /// - Parameters:
    ///   - bytes: Any bytes, none included.
    ///   - mediaType: What the bytes are said to be.
    public init(_ bytes: [UInt8], mediaType: MediaType) {
        self.bytes = bytes
        self.mediaType = mediaType
    }

    /// Takes the UTF-8 bytes of JSON text, which is not checked.
    ///
    /// - Parameter text: JSON, kept character by character.
    /// - Returns: The payload with media type `application/json`.
    public static func json(_ text: String) -> Payload {
        Payload(Array(text.utf8), mediaType: .json)
    }
}

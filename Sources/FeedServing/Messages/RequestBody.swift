import NIOCore

/// The body of a request, read as it arrives and at most once.
protocol RequestBody: AnyObject {
    /// What `Content-Length` says; nil for a chunked body.
    var announcedBytes: Int? { get }

    /// Waits for the next bytes.
    ///
    /// - Returns: Bytes, or nil at the end of a body that arrived whole.
    /// - Throws: ``Refusal`` where the body does not arrive whole or in time; `CancellationError`.
    func next() async throws -> ByteBuffer?
}

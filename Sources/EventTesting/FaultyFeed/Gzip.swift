import CZlib

/// Compresses bytes into one gzip member (RFC 1952).
///
/// - Parameter bytes: What to compress.
/// - Returns: The member; members may follow one another.
/// - Throws: ``GzipFailed``.
package func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream in
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            stream,
            Z_BEST_COMPRESSION,
            Z_DEFLATED,
            // 15 bits of window, plus 16 for gzip (zlib manual, `deflateInit2`).
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        guard status == Z_OK else { throw GzipFailed(status: status) }
        defer { deflateEnd(stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))))
        let capacity = output.count
        let end = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(capacity)
                return deflate(stream, Z_FINISH)
            }
        }
        guard end == Z_STREAM_END else { throw GzipFailed(status: end) }
        return Array(output[..<(capacity - Int(stream.pointee.avail_out))])
    }
}

/// zlib could not compress.
package struct GzipFailed: Error {
    /// What zlib returned.
    package let status: Int32
}

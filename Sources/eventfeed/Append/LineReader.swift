import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads lines from a file or a pipe, holding one piece of it in memory.
///
/// Lines end with LF; a CR before it stays with the line. The last line may lack its end.
struct LineReader: ~Copyable {
    /// Bytes of one line at the most: beyond the limits of data and metadata in base64 together.
    static let lineBytes = 8 << 20

    private static let pieceBytes = 256 << 10

    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Where the search for the end of the next line goes on.
    private var searched = 0
    private var isAtEnd = false
    /// Lines returned so far.
    private(set) var lineCount = 0
    /// Bytes returned so far, ends of lines included.
    private(set) var byteCount: Int64 = 0

    init(_ file: FileDescriptor) {
        self.file = file
    }

    /// The next line without its end, or nil where there are no more.
    ///
    /// - Throws: ``CommandError`` for a line that is too long and for a failure of the system.
    mutating func next() throws -> ArraySlice<UInt8>? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: end, endLength: 1)
            }
            searched = buffer.count
            guard searched - start <= Self.lineBytes else {
                throw CommandError(
                    .dataError,
                    "line \(lineCount + 1) is longer than \(Self.lineBytes) bytes"
                )
            }
            if isAtEnd {
                return start < buffer.count ? take(upTo: buffer.count, endLength: 0) : nil
            }
            try readMore()
        }
    }

    /// Whether ``next()`` has a line, or the end, without waiting for whoever writes the input.
    ///
    /// - Parameter patience: Milliseconds to wait at the most each time something is to be read.
    /// - Returns: False where a line is not there whole yet.
    /// - Throws: ``CommandError`` for a failure of the system.
    mutating func isReady(within patience: Int32) throws -> Bool {
        while !isAtEnd {
            guard !buffer[searched...].contains(UInt8(ascii: "\n")) else { return true }
            searched = buffer.count
            guard searched - start <= Self.lineBytes else { return true }
            guard canRead(within: patience) else { return false }
            try readMore()
        }
        return true
    }

    /// Whether a read returns at once: something is there, or nothing will ever be.
    private func canRead(within patience: Int32) -> Bool {
        var request = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
        // Where it cannot be said, the read itself says what is the matter.
        return poll(&request, 1, patience) != 0
    }

    /// The first bytes of what was read and not returned yet: what kind of file it is.
    func firstBytes(_ count: Int) -> ArraySlice<UInt8> { buffer[start...].prefix(count) }

    private mutating func take(upTo end: Int, endLength: Int) -> ArraySlice<UInt8> {
        let line = buffer[start..<end]
        start = end + endLength
        searched = start
        lineCount += 1
        byteCount += Int64(line.count + endLength)
        return line
    }

    private mutating func readMore() throws {
        if start > 0 {
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        let old = buffer.count
        let piece: [UInt8]
        do {
            piece = try [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { bytes, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(bytes))
            }
        } catch {
            throw CommandError(.io, "the input cannot be read: \(error)")
        }
        buffer += piece
        isAtEnd = buffer.count == old
    }
}

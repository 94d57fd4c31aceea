import EventModel
import FeedPages
import SystemPackage

/// Events that were read from lines, to be appended together: all recorded, or none.
struct LineBatch: Sendable {
    /// The events; one whose line had no id has a new one, so that repeating is harmless.
    let submitted: SubmittedEvents
    /// The place of the batch's first line in the input, from 1.
    let firstLine: Int
    /// Bytes of input up to the end of the batch.
    let end: Int64
}

/// Cuts lines of NDJSON into batches as they are read.
///
/// A batch ends where the input has nothing more to read at the moment, so that lines which come
/// slowly are on their way at once.
struct LineBatches: ~Copyable {
    /// What a look at the input brought.
    enum Step: Sendable {
        case batch(LineBatch)
        /// There was no whole line in time; there may be later.
        case waiting
        case end
    }

    /// Bytes of lines in one batch at the most: half of what a server takes for one append.
    private static let byteLimit = 8 << 20

    private var reader: LineReader
    private let limit: Int
    /// A line that was read and did not fit into the batch before.
    private var held: ArraySlice<UInt8>?
    private var isChecked = false

    /// Prepares to read; nothing is read yet.
    ///
    /// - Parameters:
    ///   - file: What to read.
    ///   - limit: Lines in a batch at the most.
    init(_ file: FileDescriptor, limit: Int) {
        reader = LineReader(file)
        self.limit = limit
    }

    /// The next batch, of at least one event.
    ///
    /// - Parameter patience: Milliseconds to wait for the first line.
    /// - Returns: What was there.
    /// - Throws: ``CommandError`` that names the line, or where the input is compressed.
    mutating func next(within patience: Int32) throws -> Step {
        guard try held != nil || reader.isReady(within: patience) else { return .waiting }
        try refuseCompressed()
        var body: [UInt8] = []
        var count = 0
        var isAtEnd = false
        var firstLine = reader.lineCount + 1
        if let line = held {
            firstLine -= 1
            body = line + [UInt8(ascii: "\n")]
            count = 1
            held = nil
        }
        while count < limit, try reader.isReady(within: body.isEmpty ? patience : 0) {
            guard let line = try reader.next() else {
                isAtEnd = true
                break
            }
            // A blank line is no event; it is kept for the sake of the line numbers.
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if count > 0, body.count + line.count >= Self.byteLimit {
                held = line
                break
            }
            body += line
            body.append(UInt8(ascii: "\n"))
            count += isBlank ? 0 : 1
        }
        guard count > 0 else { return isAtEnd ? .end : .waiting }
        return .batch(
            LineBatch(
                submitted: try parse(body, firstLine: firstLine),
                firstLine: firstLine,
                end: reader.byteCount
            )
        )
    }

    private mutating func refuseCompressed() throws {
        guard !isChecked else { return }
        isChecked = true
        // RFC 1952 section 2.3.1: a gzip file begins with these two bytes.
        guard !reader.firstBytes(2).elementsEqual([0x1F, 0x8B]) else {
            throw CommandError(
                .dataError,
                "the input is compressed: use zcat FILE | eventfeed append URL --ndjson -"
            )
        }
    }

    private func parse(_ body: [UInt8], firstLine: Int) throws -> SubmittedEvents {
        do throws(InvalidSubmission) {
            return try EventLinesReader.parse(body)
        } catch {
            let place = error.line.map { "line \(firstLine + $0 - 1): " } ?? ""
            throw CommandError(.dataError, place + error.message)
        }
    }
}

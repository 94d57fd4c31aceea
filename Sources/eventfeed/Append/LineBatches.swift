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
struct LineBatches: ~Copyable {
    /// Bytes of lines in one batch at the most: half of what a server takes for one append.
    private static let byteLimit = 8 << 20

    private var reader: LineReader
    private let limit: Int
    /// A line that was read and did not fit into the batch before.
    private var held: ArraySlice<UInt8>?

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - file: What to read.
    ///   - limit: Lines in a batch at the most.
    /// - Throws: ``CommandError`` where the input is compressed.
    init(_ file: FileDescriptor, limit: Int) throws {
        var reader = LineReader(file)
        // RFC 1952 section 2.3.1: a gzip file begins with these two bytes.
        guard try !reader.firstBytes(2).elementsEqual([0x1F, 0x8B]) else {
            throw CommandError(
                .dataError,
                "the input is compressed: use zcat FILE | eventfeed append URL --ndjson -"
            )
        }
        self.reader = reader
        self.limit = limit
    }

    /// The next batch, or nil at the end of the input.
    ///
    /// - Returns: At least one event.
    /// - Throws: ``CommandError`` that names the line.
    mutating func next() throws -> LineBatch? {
        var body: [UInt8] = []
        var count = 0
        var firstLine = reader.lineCount + 1
        if let line = held {
            firstLine -= 1
            body = line + [UInt8(ascii: "\n")]
            count = 1
            held = nil
        }
        while count < limit, let line = try reader.next() {
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
        guard count > 0 else { return nil }
        return LineBatch(
            submitted: try parse(body, firstLine: firstLine),
            firstLine: firstLine,
            end: reader.byteCount
        )
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

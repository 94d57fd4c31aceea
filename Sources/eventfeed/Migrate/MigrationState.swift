import EventModel
import FoundationEssentials

/// How far a migration is, as it stands in a file between two runs.
struct MigrationState: Codable, Equatable, Sendable {
    /// The form of the file.
    var form = 1
    /// The source's address.
    var source: String
    /// The identity of the target's history.
    var epoch: String
    /// Where the next page of the source begins.
    var place: String
    /// The target's head before the migration began.
    var start: Int64
    /// A number of the target after which nothing is that was copied from before ``place``.
    var head: Int64
    /// Events copied.
    var copied: Int64 = 0
    /// Events not copied, by the reason.
    var leftOut: [String: Int64] = [:]
    /// By how much numbers of the source are higher than those of the target; streams without a
    /// difference are not listed.
    var shifts: [String: Int64] = [:]
    /// The same for streams that no event is copied of yet, as the source shows them now.
    var assumed: [String: Int64] = [:]
    /// What deserves to be told at the end.
    var notes = MigrationNotes()

    /// Bytes of a file at the most.
    private static let fileBytes = 512 << 20

    /// The name of the file where none is given: the same for the same two addresses.
    static func name(source: String, target: String) -> String {
        let digest = PayloadDigest(of: Array("\(source)\n\(target)".utf8)).description
        return "migrate-\(digest.prefix(16)).state"
    }

    /// Reads a file; nil where there is none.
    ///
    /// - Throws: ``CommandError`` where it is no state of a migration.
    static func read(_ path: String) throws(CommandError) -> MigrationState? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try SmallFile.read(path, limit: fileBytes)
        let state: MigrationState
        do {
            state = try JSONDecoder().decode(MigrationState.self, from: Data(file.bytes))
        } catch {
            throw CommandError(.dataError, "\(path) is no state of a migration; name another file")
        }
        guard state.form == 1 else {
            throw CommandError(.dataError, "\(path) was written by a newer version")
        }
        return state
    }

    /// Writes the file, whole or not at all.
    func write(to path: String) throws(CommandError) {
        let bytes: Data
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            bytes = try encoder.encode(self)
        } catch {
            throw CommandError(.software, "the state cannot be written: \(error)")
        }
        try WholeFile.write(Array(bytes) + [UInt8(ascii: "\n")], to: path)
    }
}

/// What deserves to be told at the end of a migration: counts, and the first examples of each.
struct MigrationNotes: Codable, Equatable, Sendable {
    /// What happened to an event.
    enum Kind: String, Codable, CaseIterable, Sendable {
        /// Content that may not be exact.
        case doubt
        /// A stream whose first event here is not number 0 in the source.
        case shift
        /// A stream in which the source has a hole.
        case gap
        /// A `$tb` that was moved to the numbers of the target.
        case truncation
        /// A `$tb` whose stream has no event yet, so that nobody knows the difference.
        case unknownTruncation
        /// A link to a stream with other numbers.
        case link
        /// An id that another event of the target has, so that the event got a derived one.
        case derivedID
    }

    private var counts: [String: Int64] = [:]
    private var examples: [String: [String]] = [:]

    /// Examples that are kept of each kind.
    private static let exampleLimit = 10

    /// Counts an event and keeps the first ones as examples.
    mutating func add(_ kind: Kind, _ example: String) {
        counts[kind.rawValue, default: 0] += 1
        if examples[kind.rawValue, default: []].count < Self.exampleLimit {
            examples[kind.rawValue, default: []].append(example)
        }
    }

    func count(_ kind: Kind) -> Int64 { counts[kind.rawValue] ?? 0 }
    func examples(_ kind: Kind) -> [String] { examples[kind.rawValue] ?? [] }
}

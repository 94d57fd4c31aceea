/// A commit as git's log states it, without the people.
struct Commit: Equatable {
    /// What happened to a file.
    enum Change: UInt8 {
        case added = 0x41  // A
        case changed = 0x4D  // M
        case removed = 0x44  // D
        case retyped = 0x54  // T
    }

    struct File: Equatable {
        var change: Change
        /// The path's bytes, which need not be UTF-8.
        var path: [UInt8]
    }

    var hash: String
    var parents: [String]
    /// When it was committed, RFC 3339.
    var committedAt: String
    var subject: String
    var files: [File]
}

/// Cuts a log into commits as it arrives.
///
/// A commit is `01 hash 02 parents 02 time 02 subject 03`, then for each file a status, NUL, a
/// path, NUL. None of these bytes can stand in the fields, but a subject may hold some: they are
/// taken from the left.
struct LogParser {
    private var pending: [UInt8] = []

    /// The commits that a piece of the log completes.
    mutating func commits(in piece: [UInt8]) -> [Commit] {
        pending += piece
        var commits: [Commit] = []
        while let start = pending.firstIndex(of: 1),
            let next = pending[(start + 1)...].firstIndex(of: 1)
        {
            if let commit = Self.commit(pending[(start + 1)..<next]) { commits.append(commit) }
            pending.removeSubrange(..<next)
        }
        return commits
    }

    /// The last commit.
    mutating func finish() -> Commit? {
        defer { pending = [] }
        return pending.first == 1 ? Self.commit(pending.dropFirst()) : nil
    }

    private static func commit(_ bytes: ArraySlice<UInt8>) -> Commit? {
        guard let end = bytes.firstIndex(of: 3) else { return nil }
        let fields = bytes[..<end]
            .split(separator: 2, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 4 else { return nil }
        return Commit(
            hash: fields[0],
            parents: fields[1].split(separator: " ").map(String.init),
            committedAt: fields[2],
            subject: fields[3],
            files: files(bytes[(end + 1)...])
        )
    }

    private static func files(_ bytes: ArraySlice<UInt8>) -> [Commit.File] {
        let parts = bytes.drop { $0 == UInt8(ascii: "\n") || $0 == 0 }.split(separator: 0)
        return stride(from: 0, to: parts.count - parts.count % 2, by: 2).compactMap { index in
            guard let status = parts[index].last, let change = Commit.Change(rawValue: status)
            else { return nil }
            return Commit.File(change: change, path: Array(parts[index + 1]))
        }
    }
}

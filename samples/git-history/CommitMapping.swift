import EventModel
import FeedPages

/// What a commit means as events: one about the repository, one about every file in it.
struct CommitMapping {
    /// The repository's name.
    let repository: String

    /// What ids are derived in, so that they are the same on every machine.
    private static let namespace = EventID.derived(
        from: "eventfeed:samples:git-history".utf8,
        in: urlNamespace
    ).uuid
    /// The namespace of URLs (RFC 9562 section 6.6).
    private static let urlNamespace = UUIDBytes(
        high: 0x6BA7_B811_9DAD_11D1,
        low: 0x80B4_00C0_4FD4_30C8
    )

    /// The events of a commit: `FileAdded`, `FileChanged`, `FileRemoved` in one stream for each
    /// file, then `CommitRecorded` in the stream of the repository.
    ///
    /// - Parameter commit: The commit.
    /// - Returns: At least one event.
    /// - Throws: `InvalidName` where the repository's name cannot be part of a stream's name.
    func events(of commit: Commit) throws -> [NewEvent] {
        try commit.files.map { try event(about: $0, in: commit) } + [recorded(commit)]
    }

    private func event(about file: Commit.File, in commit: Commit) throws -> NewEvent {
        let type =
            switch file.change {
            case .added: "FileAdded"
            case .changed, .retyped: "FileChanged"
            case .removed: "FileRemoved"
            }
        var data = Array("{\"path\":".utf8)
        JSONWriting.appendString(Self.text(of: file.path), to: &data)
        appendCommon(commit, to: &data)
        return NewEvent(
            id: id(Array("\(commit.hash) \(type) ".utf8) + file.path),
            stream: try stream(of: file),
            type: try EventType(type),
            data: Payload(data, mediaType: .json)
        )
    }

    private func recorded(_ commit: Commit) throws -> NewEvent {
        var data = Array("{\"subject\":".utf8)
        JSONWriting.appendString(Self.withoutAddresses(commit.subject), to: &data)
        data += Array(",\"files\":\(commit.files.count),\"parents\":[".utf8)
        for (index, parent) in commit.parents.enumerated() {
            if index > 0 { data.append(UInt8(ascii: ",")) }
            JSONWriting.appendString(parent, to: &data)
        }
        data.append(UInt8(ascii: "]"))
        appendCommon(commit, to: &data)
        return NewEvent(
            id: id(Array("\(commit.hash) CommitRecorded".utf8)),
            stream: try StreamName("repository-\(repository)"),
            type: try EventType("CommitRecorded"),
            data: Payload(data, mediaType: .json)
        )
    }

    private func appendCommon(_ commit: Commit, to data: inout [UInt8]) {
        data += Array(",\"commit\":".utf8)
        JSONWriting.appendString(commit.hash, to: &data)
        data += Array(",\"committedAt\":".utf8)
        JSONWriting.appendString(commit.committedAt, to: &data)
        data.append(UInt8(ascii: "}"))
    }

    /// A file's stream is named after its path; one whose path cannot be a name, after its digest.
    private func stream(of file: Commit.File) throws -> StreamName {
        do {
            return try StreamName("file-\(repository)/\(Self.text(of: file.path))")
        } catch {
            return try StreamName("file-\(repository)/\(id(file.path))")
        }
    }

    private func id(_ name: [UInt8]) -> EventID {
        .derived(from: Array(repository.utf8) + [0] + name, in: Self.namespace)
    }

    private static func text(of path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

    /// A subject without words that hold an `@`, which may be addresses of people.
    private static func withoutAddresses(_ subject: String) -> String {
        subject.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.contains("@") ? "…" : String($0) }
            .joined(separator: " ")
    }
}

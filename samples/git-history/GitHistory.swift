import FeedPages
import Foundation

/// Turns the log of a git repository, on the standard input, into lines of NDJSON for
/// `eventfeed append URL --ndjson -`.
///
/// The same commit always gives the same events with the same ids, so loading a history twice
/// records it once. Names and addresses of people are not read.
@main
struct GitHistory {
    /// What git must be asked for: `git log --reverse -z --no-renames --name-status` with this.
    static let format = "format:%x01%H%x02%P%x02%cI%x02%s%x03"

    private static let usage = """
        git-history: usage: git log --reverse -z --no-renames --name-status \\
            --format='\(format)' | git-history NAME
        NAME is the repository's name: its commits become the stream repository-NAME.

        """

    static func main() throws {
        guard CommandLine.arguments.count == 2, !CommandLine.arguments[1].hasPrefix("-") else {
            try FileHandle.standardError.write(contentsOf: Data(usage.utf8))
            exit(64)
        }
        let mapping = CommitMapping(repository: CommandLine.arguments[1])
        var parser = LogParser()
        while let piece = try FileHandle.standardInput.read(upToCount: 64 << 10), !piece.isEmpty {
            for commit in parser.commits(in: Array(piece)) { try write(commit, mapping) }
        }
        if let commit = parser.finish() { try write(commit, mapping) }
    }

    private static func write(_ commit: Commit, _ mapping: CommitMapping) throws {
        let lines = try mapping.events(of: commit).flatMap { $0.line() }
        try FileHandle.standardOutput.write(contentsOf: Data(lines))
    }
}

import EventModel
import FeedPages

/// Brings a folder up to what a history has published.
struct Exporter {
    let folder: ExportFolder

    /// Writes what the folder lacks: pages in order, then the head document.
    ///
    /// Broken off anywhere, the folder is a whole copy of an earlier head, and the next export goes
    /// on.
    ///
    /// - Parameter history: What to copy.
    /// - Returns: How many files were written.
    /// - Throws: ``CommandError``; what cannot be read.
    func export(_ history: any PublishedHistory) async throws -> Int {
        let identity = history.identity
        let last = try folder.lastPage(of: identity)
        for end in [last, try folder.head()].compactMap({ $0 }) {
            try await check(end, against: history)
        }
        try folder.removeLeftovers(of: identity)
        let start = last?.number ?? .beginning
        let layout = PageLayout(pageSize: identity.pageSize)
        let total =
            layout.completePageCount(head: history.head.number)
            - layout.completePageCount(head: start)
        var bar = ProgressBar(unit: "pages")
        defer { bar.clear() }
        var files = 0
        var pages: Int64 = 0
        let seam = try await history.pages(after: start, chain: last?.chain) { path, bytes in
            try folder.write(path, bytes)
            files += 1
            if path.hasSuffix(".atom") {
                pages += 1
                bar.show(done: pages, of: total, count: pages)
            }
        }
        try await history.headDocument(continuing: seam) { path, bytes in
            try folder.write(path, bytes)
            files += 1
        }
        return files
    }

    /// Throws where a history does not hold what the folder holds up to a number.
    private func check(_ end: ExportFolder.End, against history: any PublishedHistory) async throws
    {
        guard end.number <= history.head.number else {
            throw CommandError(
                .protocolError,
                "\(folder.path) has events up to \(end.number), the feed ends at "
                    + "\(history.head.number): the feed lags, or it is another one"
            )
        }
        guard try await history.chain(at: end.number) == end.chain else {
            throw CommandError(
                .protocolError,
                "\(folder.path) has another history up to event \(end.number) than the feed, "
                    + "which has the same epoch: export to another folder"
            )
        }
    }
}

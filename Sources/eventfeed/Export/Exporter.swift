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
        try folder.removeLeftovers(of: identity)
        let start = last?.number ?? .beginning
        guard start <= history.head.number else {
            throw CommandError(
                .protocolError,
                "\(folder.path) has events up to \(start), the feed ends at "
                    + "\(history.head.number): the feed lags, or it is another one"
            )
        }
        let layout = PageLayout(pageSize: identity.pageSize)
        let total =
            layout.completePageCount(head: history.head.number)
            - layout.completePageCount(head: start)
        var bar = ProgressBar(unit: "pages")
        defer { bar.clear() }
        var files = 0
        var pages: Int64 = 0
        try await history.pages(after: start, chain: last?.chain) { path, bytes in
            try folder.write(path, bytes)
            files += 1
            if path.hasSuffix(".atom") {
                pages += 1
                bar.show(done: pages, of: total, count: pages)
            }
        }
        try await history.headDocument { path, bytes in
            try folder.write(path, bytes)
            files += 1
        }
        return files
    }
}

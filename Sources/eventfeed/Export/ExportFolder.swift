import EventModel
import FeedPages
import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder that holds a static copy of a feed, with `feed.atom` at its top.
struct ExportFolder: Sendable {
    let path: String

    /// A number up to which the folder holds a history, and `c` there.
    typealias End = (number: EventNumber, chain: ChainDigest)

    /// Finds what a copy has that was made before.
    ///
    /// - Parameter identity: What is fixed about the history that is to be copied.
    /// - Returns: The last complete page that is there, with the chain at its end; nil where there
    ///   is none.
    /// - Throws: ``CommandError`` where the folder holds another history or something else.
    func lastPage(of identity: StoreIdentity) throws -> End? {
        if FileManager.default.fileExists(atPath: file("feed.atom")) {
            try check(try facts(of: "feed.atom"), against: identity)
        } else {
            try refuseStrangers()
        }
        let layout = PageLayout(pageSize: identity.pageSize)
        let export = ExportLayout(identity: identity)
        var last: PageRange?
        var next = layout.page(containing: EventNumber(1))
        // Pages are written in order, so there is no hole before the last one.
        while let range = next, FileManager.default.fileExists(atPath: file(export.path(of: range)))
        {
            last = range
            next = layout.page(following: range)
        }
        guard let last else { return nil }
        return (last.last, try facts(of: export.path(of: last)).chain)
    }

    /// Finds where the copy's head document ends.
    ///
    /// - Returns: Its head; nil where there is no head document.
    /// - Throws: ``CommandError`` where the document cannot be read.
    func head() throws -> End? {
        guard FileManager.default.fileExists(atPath: file("feed.atom")) else { return nil }
        let facts = try facts(of: "feed.atom")
        return (facts.scannedTo, facts.chain)
    }

    /// Removes what exports left that were killed while they wrote a file.
    ///
    /// - Parameter identity: What is fixed about the history that is to be copied.
    /// - Throws: ``CommandError`` where a folder cannot be read or a file cannot be removed.
    func removeLeftovers(of identity: StoreIdentity) throws {
        let epoch = "feed/\(identity.epoch.shortForm)"
        for folder in ["", "\(epoch)/", "\(epoch)/data/", "\(epoch)/metadata/"] {
            guard FileManager.default.fileExists(atPath: file(folder)) else { continue }
            do {
                for name in try FileManager.default.contentsOfDirectory(atPath: file(folder))
                where Self.isPart(name) {
                    guard unlink(file(folder + name)) == 0 else { throw Errno(rawValue: errno) }
                }
            } catch {
                throw CommandError(.io, "\(file(folder)) cannot be tidied: \(error)")
            }
        }
    }

    /// Whether a file is one that is being written, by the name that ``write(_:_:)`` gives it:
    /// `.1234.part`.
    private static func isPart(_ name: String) -> Bool {
        let process = name.dropFirst().dropLast(".part".count)
        return name.hasPrefix(".") && name.hasSuffix(".part") && !process.isEmpty
            && process.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private func check(_ facts: FeedFacts, against identity: StoreIdentity) throws(CommandError) {
        guard facts.epoch == identity.epoch else {
            throw CommandError(
                .protocolError,
                "\(path) is a copy of epoch \(facts.epoch), the feed has epoch \(identity.epoch): "
                    + "export to another folder"
            )
        }
        guard facts.pageSize == identity.pageSize, facts.format == identity.format else {
            throw CommandError(
                .protocolError,
                "\(path) has pages of another size or format: export to another folder"
            )
        }
    }

    private func facts(of name: String) throws -> FeedFacts {
        guard let bytes = FileManager.default.contents(atPath: file(name)) else {
            throw CommandError(.io, "\(file(name)) cannot be read")
        }
        do {
            return try ParsedFeed.parse(Array(bytes), .atom).facts
        } catch {
            throw CommandError(
                .dataError,
                "\(file(name)) is no page of a feed (\(error)): export to an empty folder"
            )
        }
    }

    /// Throws where a folder without `feed.atom` has anything but what a broken-off export leaves.
    private func refuseStrangers() throws {
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere else { return }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            guard let stranger = names.first(where: { $0 != "feed" && !$0.hasPrefix(".") }) else {
                return
            }
            throw CommandError(
                .cannotCreate,
                "\(path) has \(stranger) in it: export to an empty folder"
            )
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError(.cannotCreate, "\(path) is no folder to write to: \(error)")
        }
    }

    private func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file whole: whoever looks sees the old one, or the new one, or none.
    ///
    /// - Parameters:
    ///   - name: The path below the folder.
    ///   - bytes: What to write.
    /// - Throws: ``CommandError``; a file that was there is as it was.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let target = file(name)
        let folder = target[..<(target.lastIndex(of: "/") ?? target.startIndex)]
        do {
            try FileManager.default.createDirectory(
                atPath: String(folder),
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandError(.io, "\(target) cannot be written: \(error)")
        }
        try WholeFile.write(bytes, to: target)
    }
}

import FoundationEssentials
import NIOPosix
import Subscriptions

/// Fetches documents from a folder that `export` wrote.
struct FolderReader: DocumentReader {
    let address: String
    let start: URL
    let mayAnswerQueries = false

    private let folder: String

    init(_ path: String) {
        let folder = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
        self.folder = folder.path(percentEncoded: false)
        start = folder.appending(path: "feed.atom")
        address = path
    }

    func read(_ question: DocumentQuestion) async throws -> DocumentAnswer {
        let path = question.address.standardizedFileURL.path(percentEncoded: false)
        guard question.address.isFileURL, path.hasPrefix(folder),
            // An escaped ".." is one only now.
            !path.split(separator: "/").contains("..")
        else {
            throw SourceError(
                .malformedDocument,
                "\(address): a reference leads out of the folder, to "
                    + excerpt(question.address.absoluteString)
            )
        }
        // A disk may be slow; the threads of concurrency are not there to wait for it.
        return try await NIOThreadPool.singleton.runIfActive {
            try Self.read(path, question)
        }
    }

    private static func read(_ path: String, _ question: DocumentQuestion) throws -> DocumentAnswer
    {
        let attributes: [FileAttributeKey: Any]
        // Whoever publishes may put a link in place of a file, to replace many at once.
        let target = URL(filePath: path).resolvingSymlinksInPath()
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: target.path(percentEncoded: false)
            )
        } catch {
            throw missing(path, question, cause: error)
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw missing(path, question, cause: nil)
        }
        let tag = tag(of: attributes)
        if let tag, tag == question.tag { return .unchanged }
        let size = attributes[.size] as? UInt ?? 0
        guard size <= UInt(question.limit.most) else { throw tooLarge(path, question) }
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: target))
        } catch {
            throw SourceError(.unreachable, "\(path) cannot be read: \(error)", cause: error)
        }
        // It may have grown since.
        guard bytes.count <= question.limit.most else { throw tooLarge(path, question) }
        return .document(
            FetchedDocument(bytes: bytes, address: URL(filePath: path), tag: tag, mediaType: nil)
        )
    }

    /// What changes when the file is replaced or written to; nil where the system does not say.
    private static func tag(of attributes: [FileAttributeKey: Any]) -> String? {
        guard let number = attributes[.systemFileNumber] as? UInt64,
            let size = attributes[.size] as? UInt,
            let time = attributes[.modificationDate] as? Date
        else { return nil }
        return "\(number)-\(size)-\(time.timeIntervalSinceReferenceDate)"
    }

    private static func tooLarge(_ path: String, _ question: DocumentQuestion) -> SourceError {
        SourceError(.tooLarge, "\(path) is larger than \(question.limit.most) bytes")
    }

    private static func missing(
        _ path: String,
        _ question: DocumentQuestion,
        cause: (any Error)?
    ) -> SourceError {
        guard question.isFirst else {
            return SourceError(.unreachable, "\(path) is not there", cause: cause)
        }
        return SourceError(
            .notAnEventFeed,
            "\(path) is not there: give a folder that export wrote, or an http address",
            cause: cause
        )
    }
}

import Foundation
import Testing

/// The files of the repository, as the tests of its form see them.
enum SourceTree {
    /// The folder that holds `Package.swift`.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// One file with its text.
    struct File: Sendable, CustomTestStringConvertible {
        let path: String
        let text: String
        /// The text without comments and literals, where it is Swift.
        let code: SwiftText

        init(path: String, text: String) {
            self.path = path
            self.text = text
            code = SwiftText(path.hasSuffix(".swift") ? text : "")
        }

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var isTest: Bool { path.hasPrefix("Tests/") }
        var testDescription: String { path }
    }

    /// Every Swift file under the folders that we write, in order of path.
    static func swiftFiles() throws -> [File] { try read.get() }

    /// Read once for all tests.
    private static let read = Result {
        try files(under: ["Sources", "Tests", "samples", "Benchmarks/Benchmarks"])
            .filter { $0.path.hasSuffix(".swift") }
    }

    /// Every text file of the repository that people read or tools run.
    static func textFiles() throws -> [File] {
        let top = ["Package.swift", "README.md", "Makefile", ".ci/run", ".ci/setup"]
        return try top.map { try file($0) }
            + files(under: ["Sources", "Tests", "samples", "docs", "Benchmarks/Benchmarks"])
            .filter { file in
                [".swift", ".md", ".sh", ".h", ".modulemap"].contains { file.path.hasSuffix($0) }
            }
    }

    /// One file by its path from the root.
    static func file(_ path: String) throws -> File {
        File(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }

    private static func files(under folders: [String]) throws -> [File] {
        var paths: [String] = []
        for folder in folders {
            let enumerator = FileManager.default.enumerator(
                atPath: root.appending(path: folder).path(percentEncoded: false)
            )
            while let path = enumerator?.nextObject() as? String {
                guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else {
                    continue
                }
                paths.append("\(folder)/\(path)")
            }
        }
        return try paths.sorted()
            .filter { path in
                [".swift", ".md", ".sh", ".h", ".modulemap"].contains { path.hasSuffix($0) }
            }
            .map { try file($0) }
    }
}

import Foundation
import Testing

@Suite struct `The layers of docs/architecture.md` {
    @Test func `are what the imports say`() throws {
        let table = try architecture()
        var count = 0
        for file in try SourceTree.swiftFiles() {
            guard let target = target(of: file.path) else { continue }
            let row = try #require(
                table.rows.first { $0.target == target },
                "the table has no row for \(target)"
            )
            for module in imports(of: file) {
                count += 1
                let isAllowed =
                    row.allowed.contains(module) || ArchitectureTable.everywhere.contains(module)
                #expect(isAllowed, "\(file.path) imports \(module): not in the table")
            }
        }

        #expect(count > 50)
    }

    @Test func `keep every technology in one target`() throws {
        let table = try architecture()
        for row in table.rows {
            for technology in row.technologies {
                let others = table.rows.filter {
                    $0.target != row.target && $0.allowed.contains(technology)
                }
                #expect(others.isEmpty, "\(technology) is in more than one row")
            }
        }

        #expect(table.rows.contains { !$0.technologies.isEmpty })
    }

    @Test func `name only targets that are there`() throws {
        for row in try architecture().rows {
            let folders = ["Sources", "samples"].map {
                SourceTree.root.appending(path: "\($0)/\(row.target)")
            }
            let isThere = folders.contains {
                FileManager.default.fileExists(atPath: $0.path(percentEncoded: false))
            }
            #expect(isThere, "there is no target \(row.target)")
        }
    }

    @Test func `are not opened by exporting an import again`() throws {
        for file in try SourceTree.swiftFiles() where !file.isTest {
            for line in file.lines where line.hasPrefix("@_exported") {
                Issue.record("\(file.path): \(line)")
            }
        }
    }

    private func architecture() throws -> ArchitectureTable {
        ArchitectureTable(markdown: try SourceTree.file("docs/architecture.md").text)
    }

    private func target(of path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        return ["Sources", "samples"].contains(parts[0]) ? parts[1] : nil
    }

    /// The modules that a file imports; of `import struct M.T` that is M.
    private func imports(of file: SourceTree.File) -> [String] {
        file.code.lines.compactMap { line in
            let words = line.split { $0 == " " || $0 == "." }.map(String.init)
            guard let place = words.firstIndex(of: "import"), place < 3 else { return nil }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "typealias"]
            return words.dropFirst(place + 1).first { !kinds.contains($0) }
        }
    }
}

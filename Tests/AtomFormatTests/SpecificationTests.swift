import AtomFormat
import Foundation
import Testing

@Suite struct `The examples of the specification` {
    /// The XML examples of `feeds/README.md` that are whole documents.
    private func examples() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "feeds/README.md"), encoding: .utf8)
        return text.components(separatedBy: "```xml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
            .filter { $0.hasPrefix("<?xml") && !$0.contains("…") }
    }

    @Test func `come out of the writer byte for byte after they were read`() throws {
        let examples = try examples()
        let publishing = AtomWriter(
            namespaces: AtomWriter.publishingNamespaces + [XMLNamespace(prefix: "ef", uri: ef)]
        )
        let categories = AtomWriter(namespaces: [publishing.namespaces[0]])

        for example in examples {
            let written =
                switch try keepingParser.parse(Array(example.utf8)) {
                case .feed(let feed): try feedWriter.write(feed)
                case .entry(let entry): try feedWriter.write(entry)
                case .service(let service): try publishing.write(service)
                case .categories(let list): try categories.write(list)
                }
            #expect(String(decoding: written, as: UTF8.self) == example)
        }
        #expect(examples.count >= 4)
    }
}

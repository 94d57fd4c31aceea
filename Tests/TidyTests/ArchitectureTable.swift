/// The table of targets in `docs/architecture.md`.
struct ArchitectureTable {
    struct Row {
        let target: String
        /// Modules that the target may import, ours and others.
        let allowed: Set<String>
        /// Modules that no other target may import.
        let technologies: Set<String>
    }

    let rows: [Row]

    /// Modules that belong to the platform.
    static let everywhere: Set<String> = [
        "Synchronization", "Glibc", "Darwin", "Musl", "Foundation", "FoundationEssentials",
    ]

    init(markdown: String) {
        rows =
            markdown.split(separator: "\n")
            .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Target ") }
            .map { line in
                let cells = line.split(separator: "|").map {
                    $0.trimmingPrefix { $0 == " " }
                }
                return Row(
                    target: Self.trimmed(cells[0]),
                    allowed: Set((Self.names(cells[2]) + Self.names(cells[3])).map(Self.plain)),
                    technologies: Set(
                        Self.names(cells[3]).filter { $0.hasPrefix("**") }.map(Self.plain)
                    )
                )
            }
    }

    private static func names(_ cell: Substring) -> [String] {
        cell.split(separator: ",").map { trimmed($0) }.filter { $0 != "-" }
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    private static func plain(_ name: String) -> String { name.replacing("*", with: "") }
}

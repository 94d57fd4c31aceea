import Foundation
import Testing

/// The sample of three read models over a history of loan applications.
enum Loans {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "samples/loans")

    /// The path of one of its files.
    static func path(_ name: String) -> String {
        folder.appending(path: name).path(percentEncoded: false)
    }

    /// What `subscribe` is told to follow with its projections.
    static let projections = ["approvals", "applications", "days"]
        .flatMap { ["--projection", path("\($0).sql")] }

    /// Compares a read model with what the sample's program computes from the lines.
    ///
    /// - Parameters:
    ///   - input: The lines: a path, or a file of the sample.
    ///   - file: The read model.
    ///   - more: What else the program is told.
    /// - Returns: How it ended: with status 0 if all rows are equal.
    /// - Throws: An issue where there is no python3.
    static func compare(
        _ input: String,
        with file: String,
        _ more: String...
    ) async throws -> Command.Outcome {
        let input = input.hasPrefix("/") ? input : path(input)
        return try await Child.start(
            [path("expected.py"), input, "--compare", file] + more,
            program: Tool.find("python3")
        ).outcome()
    }
}

import Benchmark
import EventModel
import FeedPages
import Foundation
import Logging
import SQLiteStorage

/// The append path beside what the disk itself costs, and the page path in both directions.
///
/// A file-scope constant of this name is what the benchmark package looks for.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        maxDuration: .seconds(5),
        maxIterations: 100_000
    )

    for count in [1, 100] {
        Benchmark("append, \(count) events: a file and fdatasync") { benchmark in
            try Reference.measure(benchmark, bytes: Sample.events(count).flatMap { $0.line() })
        }
        Benchmark("append, \(count) events: SQLiteEventStore") { benchmark in
            try await Storing.measure(benchmark, count: count, writers: 1)
        }
    }
    Benchmark("append, 32 writers of 1 event: SQLiteEventStore") { benchmark in
        try await Storing.measure(benchmark, count: 1, writers: 32)
    }

    for form in FeedForm.allCases {
        Benchmark("page of 100 events: render \(form.rawValue)") { benchmark in
            let page = Sample.page()
            for _ in benchmark.scaledIterations { blackHole(page.rendered(form)) }
        }
    }
    Benchmark("page of 100 events: parse atom") { benchmark in
        let bytes = Sample.page().rendered(.atom)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try ParsedFeed.parse(bytes, .atom)) }
    }
}

/// What an append would cost without a store: write, then wait for the disk.
private enum Reference {
    static func measure(_ benchmark: Benchmark, bytes: [UInt8]) throws {
        let path = Sample.folder() + "/reference"
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        defer {
            close(file)
            unlink(path)
        }
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            precondition(write(file, bytes, bytes.count) == bytes.count)
            precondition(fdatasync(file) == 0)
        }
        benchmark.stopMeasurement()
    }
}

/// Appends to a store in a new file.
private enum Storing {
    static func measure(_ benchmark: Benchmark, count: Int, writers: Int) async throws {
        let folder = Sample.folder() + "/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let store = try SQLiteEventStore.open(
            path: folder + "/store.db",
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        )
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<writers {
                    group.addTask { _ = try await store.append(Sample.events(count)) }
                }
                try await group.waitForAll()
            }
        }
        benchmark.stopMeasurement()
        try await store.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}

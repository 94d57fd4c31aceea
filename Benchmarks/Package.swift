// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "EventFeedBenchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Named, since the folder above may be called anything.
        .package(name: "EventFeed", path: "../"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "FeedBenchmarks",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "EventModel", package: "EventFeed"),
                .product(name: "FeedPages", package: "EventFeed"),
                .product(name: "SQLiteStorage", package: "EventFeed"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/FeedBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ]
)

// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "EventFeed",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "EventModel", targets: ["EventModel"]),
        .library(name: "AtomFormat", targets: ["AtomFormat"]),
        .library(name: "FeedPages", targets: ["FeedPages"]),
        .library(name: "Subscriptions", targets: ["Subscriptions"]),
        .library(name: "SQLiteStorage", targets: ["SQLiteStorage"]),
        .library(name: "AccessControl", targets: ["AccessControl"]),
        .library(name: "EventStoreWire", targets: ["EventStoreWire"]),
        .library(name: "FeedServing", targets: ["FeedServing"]),
        .library(name: "FeedReading", targets: ["FeedReading"]),
        .library(name: "EventTesting", targets: ["EventTesting"]),
        .executable(name: "eventfeed", targets: ["eventfeed"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.0",
            traits: []
        ),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess",
            from: "1.0.2",
            traits: []
        ),
    ],
    targets: [
        // The words: events, streams, numbers, the chain, the EventStore protocol.
        .target(
            name: "EventModel",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")]
        ),

        // Documents: Atom as values, then events as Atom and JSON.
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .target(name: "AtomFormat", dependencies: ["CLibXML2"]),
        .target(
            name: "FeedPages",
            dependencies: [
                "EventModel", "AtomFormat",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),

        // Who may do what: users, groups, access lists, one decision.
        .target(
            name: "AccessControl",
            dependencies: [
                "EventModel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        ),
        // The Event Store product's interface: from a request to a response, without a socket.
        .target(
            name: "EventStoreWire",
            dependencies: [
                "EventModel", "AtomFormat", "AccessControl",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),

        // Following a feed.
        .target(
            name: "Subscriptions",
            dependencies: [
                "EventModel",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Technologies, one target each.
        .target(
            name: "SQLiteStorage",
            dependencies: [
                "EventModel", "AccessControl", "Subscriptions",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        // glibc's malloc.h, which the module Glibc leaves out.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "FeedServing",
            dependencies: [
                "EventModel", "AtomFormat", "FeedPages", "AccessControl", "EventStoreWire", "CZlib",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "FeedReading",
            dependencies: [
                "EventModel", "AccessControl", "AtomFormat", "FeedPages", "Subscriptions", "CZlib",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),

        // For the tests of whoever builds on these libraries, ours included.
        .target(
            name: "EventTesting",
            dependencies: [
                "EventModel", "AccessControl", "FeedPages", "Subscriptions", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),

        // The command: arguments and wiring.
        .executableTarget(
            name: "eventfeed",
            dependencies: [
                "EventModel", "FeedPages", "AccessControl", "EventStoreWire", "Subscriptions",
                "SQLiteStorage", "FeedServing", "FeedReading",
                .target(name: "CMalloc", condition: .when(platforms: [.linux])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // A process that writes to a store, for tests that kill it.
        .executableTarget(
            name: "CrashWriter",
            dependencies: [
                "EventModel", "SQLiteStorage", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Support/CrashWriter"
        ),

        // A program that turns the log of a git repository into events.
        .executableTarget(
            name: "git-history",
            dependencies: ["EventModel", "FeedPages"],
            path: "samples/git-history",
            exclude: ["README.md", "history.ndjson", "run.sh"]
        ),

        .testTarget(name: "EventModelTests", dependencies: ["EventModel", "EventTesting"]),
        .testTarget(name: "AtomFormatTests", dependencies: ["AtomFormat"]),
        .testTarget(
            name: "FeedPagesTests",
            dependencies: [
                "FeedPages", "EventTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        .testTarget(
            name: "AccessControlTests",
            dependencies: ["AccessControl", "EventModel", "EventTesting"]
        ),
        .testTarget(
            name: "EventStoreWireTests",
            dependencies: [
                "EventStoreWire", "EventModel", "AtomFormat", "AccessControl", "SQLiteStorage",
                "FeedServing", "EventTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "SubscriptionsTests",
            dependencies: [
                "Subscriptions", "SQLiteStorage", "EventTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "SQLiteStorageTests",
            dependencies: [
                "SQLiteStorage", "AccessControl", "EventTesting", "CrashWriter",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "FeedServingTests",
            dependencies: [
                "FeedServing", "EventModel", "AccessControl", "FeedPages", "EventTesting", "CZlib",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(
            name: "FeedReadingTests",
            dependencies: [
                "FeedReading", "FeedServing", "EventTesting",
            ]
        ),
        .testTarget(
            name: "FeedWireTests",
            dependencies: [
                "FeedReading", "FeedServing", "SQLiteStorage", "EventTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["eventfeed", "EventModel", "FeedPages", "EventTesting"]
        ),
        .testTarget(name: "TidyTests"),
    ]
)

// Upcoming features, one line of reason each:
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    // SE-0335: an existential is written `any P`, so its cost is seen.
    .enableUpcomingFeature("ExistentialAny"),
    // SE-0444: a member is visible only where its module is imported.
    .enableUpcomingFeature("MemberImportVisibility"),
    // SE-0409: an import is internal unless it says otherwise.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // SE-0461: a nonisolated async function runs where its caller runs.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}

import EventTesting
import Foundation
import NIOCore
import NIOSSL

@testable import FeedServing

/// What a test's connections are made of.
enum Wire: CaseIterable {
    case plain
    case tls

    /// What can be tested here; where `openssl` is missing, the tests of TLS skip and say so.
    static let available = TestAuthority.isInstalled ? allCases : [.plain]

    /// Both ends of TLS in a test.
    struct Ends: Sendable {
        let identity: TLSIdentity
        let client: NIOSSLContext
    }

    /// Those of the test that runs.
    @TaskLocal static var ends: Ends?

    /// Runs `body` with ``ends`` for this kind of connection.
    func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        guard self == .tls else { return try await body() }
        return try await withTemporaryDirectory { folder in
            let authority = try await TestAuthority.make(in: folder)
            let server = try await authority.issue()
            var client = TLSConfiguration.makeClientConfiguration()
            client.trustRoots = .file(authority.certificate)
            client.shutdownTimeout = .nanoseconds(0)
            let ends = Ends(
                identity: try TLSIdentity(
                    certificateChain: Self.bytes(of: server.certificate),
                    privateKey: Self.bytes(of: server.key)
                ),
                client: try NIOSSLContext(configuration: client)
            )
            return try await Self.$ends.withValue(ends) { try await body() }
        }
    }

    /// The contents of a file.
    static func bytes(of path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path)))
    }
}

import Foundation

/// An authority that signs certificates for a test: made by `openssl`, gone with its folder.
package struct TestAuthority: Sendable {
    /// Where the files of a certificate are, in PEM.
    package struct Identity: Hashable, Sendable {
        /// The certificate.
        package let certificate: String
        /// Its key.
        package let key: String
    }

    /// The tool did not do what it was told.
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// The path of the tool; nil where it is not installed.
    package static let tool = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
        .split(separator: ":").map { "\($0)/openssl" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Whether there can be an authority.
    package static var isInstalled: Bool { tool != nil }

    private static let newKey = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private let folder: String
    private let name: String

    /// The authority's own certificate, in PEM.
    package var certificate: String { "\(folder)/\(name).pem" }

    /// Makes an authority.
    ///
    /// - Parameters:
    ///   - name: How its files begin.
    ///   - folder: Where they are put.
    /// - Returns: The authority.
    /// - Throws: ``Failed``.
    package static func make(_ name: String = "authority", in folder: String) async throws
        -> TestAuthority
    {
        let made = TestAuthority(folder: folder, name: name)
        try await run(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)"] + newKey
                + ["-keyout", "\(folder)/\(name).key", "-out", made.certificate]
        )
        return made
    }

    /// Signs a certificate.
    ///
    /// - Parameters:
    ///   - name: How its files begin.
    ///   - hosts: What it is for, such as `IP:127.0.0.1` or `DNS:localhost`.
    ///   - days: How long it is valid from now on; negative for one that has expired.
    /// - Returns: Where its files are.
    /// - Throws: ``Failed``.
    package func issue(
        _ name: String = "server",
        for hosts: [String] = ["IP:127.0.0.1", "DNS:localhost"],
        days: Int = 2
    ) async throws -> Identity {
        let (key, request) = ("\(folder)/\(name).key", "\(folder)/\(name).csr")
        let identity = Identity(certificate: "\(folder)/\(name).pem", key: key)
        try await Self.run(
            ["req", "-new", "-subj", "/CN=\(name)"] + Self.newKey
                + ["-addext", "subjectAltName=\(hosts.joined(separator: ","))"]
                + ["-keyout", key, "-out", request]
        )
        try await Self.run([
            "x509", "-req", "-in", request, "-CA", certificate, "-CAkey",
            "\(folder)/\(self.name).key", "-copy_extensions", "copy", "-days", String(days),
            "-out", identity.certificate,
        ])
        return identity
    }

    /// Encrypts a key with a passphrase.
    ///
    /// - Parameter key: The file of a key.
    /// - Returns: The file of the encrypted key.
    /// - Throws: ``Failed``.
    package func encrypt(_ key: String) async throws -> String {
        let target = key + ".encrypted"
        try await Self.run([
            "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", target,
        ])
        return target
    }

    /// Runs the tool to its end.
    private static func run(_ arguments: [String]) async throws {
        guard let tool else { throw Failed(description: "openssl is not installed") }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (ended, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        for await status in ended where status != 0 {
            let command = arguments.joined(separator: " ")
            throw Failed(description: "openssl \(command) ended with \(status)")
        }
    }
}

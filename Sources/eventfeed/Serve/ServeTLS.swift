import FeedServing

/// The certificate and key that `serve` is told.
enum ServeTLS {
    /// Bytes of a chain or a key; more is no such file.
    private static let fileBytes = 1 << 20

    /// Reads and checks both files.
    ///
    /// - Parameter configuration: All sources.
    /// - Returns: What to serve with; nil where neither is given.
    /// - Throws: ``CommandError`` (`usage`, `configuration`, `noInput`, `dataError`).
    static func identity(_ configuration: ServeConfiguration) async throws -> TLSIdentity? {
        let (chain, key) = (
            try await configuration.text(.tlsCert), try await configuration.text(.tlsKey)
        )
        guard let chain else {
            guard key == nil else { throw alone(.tlsKey, without: .tlsCert, configuration) }
            return nil
        }
        guard let key else { throw alone(.tlsCert, without: .tlsKey, configuration) }
        let certificates = try SmallFile.read(chain, limit: fileBytes).bytes
        let secret = try SmallFile.read(key, limit: fileBytes)
        if secret.isReadableByOthers {
            StandardStream.error.tell(
                "warning: others can read the private key \(key): chmod 600 \(key)"
            )
        }
        do throws(InvalidTLSIdentity) {
            return try TLSIdentity(certificateChain: certificates, privateKey: secret.bytes)
        } catch {
            let name = error == .certificateUnreadable ? chain : key
            throw CommandError(.dataError, "\(name): \(error)")
        }
    }

    private static func alone(
        _ given: ServeKey,
        without missing: ServeKey,
        _ configuration: ServeConfiguration
    ) -> CommandError {
        configuration.invalid(
            given,
            "\(given.rawValue) is given without \(missing.rawValue): give both, or neither"
        )
    }
}

import EventModel
import FeedServing

/// The certificate and key that `serve` is told.
enum ServeTLS {
    /// Bytes of a chain or a key; more is no such file.
    private static let fileBytes = 1 << 20

    /// Reads and checks both files.
    ///
    /// - Parameter configuration: All sources.
    /// - Returns: What to serve with, nil where neither is given; and what to warn of.
    /// - Throws: ``CommandError`` (`usage`, `configuration`, `noInput`, `dataError`).
    static func identity(_ configuration: ServeConfiguration) async throws
        -> (identity: TLSIdentity?, warnings: [String])
    {
        let (chain, key) = (
            try await configuration.text(.tlsCert), try await configuration.text(.tlsKey)
        )
        guard let chain else {
            guard key == nil else { throw alone(.tlsKey, without: .tlsCert, configuration) }
            return (nil, [])
        }
        guard let key else { throw alone(.tlsCert, without: .tlsKey, configuration) }
        let certificates = try SmallFile.read(chain, limit: fileBytes).bytes
        let secret = try SmallFile.read(key, limit: fileBytes)
        do throws(InvalidTLSIdentity) {
            let identity = try TLSIdentity(
                certificateChain: certificates,
                privateKey: secret.bytes
            )
            var warnings = validity(of: identity, chain, now: .now())
            if secret.isReadableByOthers {
                warnings.append("others can read the private key \(key): chmod 600 \(key)")
            }
            return (identity, warnings)
        } catch {
            let name = error == .certificateUnreadable ? chain : key
            throw CommandError(.dataError, "\(name): \(error)")
        }
    }

    private static func validity(of identity: TLSIdentity, _ path: String, now: Timestamp)
        -> [String]
    {
        if now < identity.validFrom {
            return ["the certificate in \(path) is not valid before \(identity.validFrom)"]
        }
        guard identity.validUntil < now else { return [] }
        return ["the certificate in \(path) has expired, at \(identity.validUntil)"]
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

import NIOSSL

/// Who may vouch for a server: the authorities that a client trusts instead of those of the system.
public struct CertificateAuthorities: Sendable {
    /// The certificates of the authorities.
    let certificates: [NIOSSLCertificate]

    /// Reads certificates.
    ///
    /// - Parameter pem: One certificate or more in PEM.
    /// - Throws: ``InvalidCertificates``.
    public init(pem: [UInt8]) throws(InvalidCertificates) {
        do {
            certificates = try NIOSSLCertificate.fromPEMBytes(pem)
        } catch {
            throw InvalidCertificates()
        }
        guard !certificates.isEmpty else { throw InvalidCertificates() }
    }
}

/// There is no certificate in PEM, or one that is damaged.
public struct InvalidCertificates: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var description: String { "there are no certificates in PEM, or damaged ones" }
}

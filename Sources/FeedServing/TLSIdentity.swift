public import EventModel
import NIOCore
import NIOSSL

/// The certificate that a server shows, and the key that belongs to it.
///
/// TLS 1.2 and newer are spoken, and HTTP/1.1 in it, whatever else a client offers. What stands
/// here is read once: a renewed certificate counts from the next start.
public struct TLSIdentity: Sendable {
    /// What connections are made with.
    let context: NIOSSLContext
    /// When the server's certificate begins to be valid.
    public let validFrom: Timestamp
    /// When it ceases to be valid.
    public let validUntil: Timestamp

    /// Checks a chain and its key.
    ///
    /// - Parameters:
    ///   - certificateChain: Certificates in PEM, that of the server first.
    ///   - privateKey: The key of the first certificate in PEM, without a passphrase.
    /// - Throws: ``InvalidTLSIdentity``.
    public init(certificateChain: [UInt8], privateKey: [UInt8]) throws(InvalidTLSIdentity) {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificateChain)
        } catch {
            throw .certificateUnreadable
        }
        guard let own = chain.first else { throw .certificateUnreadable }
        validFrom = Timestamp(microseconds: Int64(own.notValidBefore) * 1_000_000)
        validUntil = Timestamp(microseconds: Int64(own.notValidAfter) * 1_000_000)
        guard privateKey.firstRange(of: Array("ENCRYPTED".utf8)) == nil else { throw .keyEncrypted }
        let key: NIOSSLPrivateKey
        do {
            // With no passphrase set, nobody is asked for one on the terminal.
            key = try NIOSSLPrivateKey(bytes: privateKey, format: .pem) {
                (_: NIOSSLPassphraseSetter<[UInt8]>) in
            }
        } catch {
            throw .keyUnreadable
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // RFC 8446 section 6.1: who has said that nothing more comes need not wait for the other
        // side to say so, too. When a connection is closed here, its client has had its time.
        configuration.shutdownTimeout = .nanoseconds(0)
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            // The parts are valid on their own.
            throw .keyOfAnother
        }
    }
}

/// Why a certificate and a key are nothing to serve with.
public enum InvalidTLSIdentity: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no certificate in PEM, or one that is damaged.
    case certificateUnreadable
    /// There is no private key in PEM, or a damaged one.
    case keyUnreadable
    /// The private key can only be read with a passphrase.
    case keyEncrypted
    /// The private key does not belong to the first certificate.
    case keyOfAnother

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .certificateUnreadable:
            "the certificate cannot be read: give a chain in PEM, the server's own first"
        case .keyUnreadable:
            "the private key cannot be read: give it in PEM"
        case .keyEncrypted:
            "the private key is encrypted: take its passphrase off, with openssl pkey for "
                + "example, and let nobody else read the file"
        case .keyOfAnother:
            "the private key does not belong to the first certificate of the chain"
        }
    }
}

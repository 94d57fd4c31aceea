import FeedReading
import FeedServing
import Foundation
import Logging

/// Who asks servers, and who may vouch for them.
///
/// Passwords are read when a server is about to be asked, and live in ``Credentials`` alone.
struct Access: Sendable {
    /// The variable that holds the password of `--user`.
    static let passwordVariable = "EVENTFEED_PASSWORD"
    /// Bytes of a file with a password.
    private static let passwordBytes = 4 << 10
    /// Bytes of a `.netrc`.
    private static let netrcBytes = 1 << 20
    /// Bytes of a file with certificates of authorities.
    private static let authoritiesBytes = 4 << 20

    var user: String?
    var passwordFile: String?
    var caFile: String?
    var environment = ProcessInfo.processInfo.environment
    /// Takes warnings.
    var logger = Logger.command("access", level: .warning)

    /// How connections to a source are made.
    ///
    /// - Parameter name: What a person named: an address, a folder, a file.
    /// - Returns: The settings, with credentials for the server at that address alone.
    /// - Throws: ``CommandError``; `SourceError` where the address is none.
    func transport(for name: String) throws -> AsyncHTTPTransport.Settings {
        var settings = AsyncHTTPTransport.Settings.standard
        // A file of that name may be a store, whatever it is called.
        guard !StoreFileCheck.isDatabase(name), case .web(let url) = try FeedLocation(name) else {
            try refuseOptions(name)
            return settings
        }
        if let caFile {
            let file = try SmallFile.read(caFile, limit: Self.authoritiesBytes)
            do throws(InvalidCertificates) {
                settings.authorities = try CertificateAuthorities(pem: file.bytes)
            } catch {
                throw CommandError(.dataError, "\(caFile): \(error)")
            }
        }
        guard let (user, password) = try login(at: url) else { return settings }
        do throws(InvalidCredentials) {
            settings.credentials = try Credentials(user: user, password: password, for: url)
        } catch {
            throw CommandError(.usage, "\(error)")
        }
        if url.scheme?.lowercased() == "http", !Loopback.contains(url.host ?? "") {
            logger.warning(
                "the password of \(user) goes unencrypted to \(url.host ?? ""): use https"
            )
        }
        return settings
    }

    private func refuseOptions(_ name: String) throws(CommandError) {
        let given = [("--user", user), ("--ca-file", caFile)].first { $0.1 != nil }
        guard let given else { return }
        throw CommandError(.usage, "\(given.0) is for servers, and \(name) is a file or folder")
    }

    /// The name and password for a server; nil where nobody said any.
    private func login(at url: URL) throws(CommandError) -> (user: String, password: String)? {
        let host = url.host ?? ""
        guard let user else { return try unaskedNetrc().login(at: host, user: nil) }
        if let passwordFile { return (user, try password(in: passwordFile)) }
        if let password = environment[Self.passwordVariable], !password.isEmpty {
            return (user, password)
        }
        if let known = try netrc().login(at: host, user: user) { return known }
        throw CommandError(
            .usage,
            "there is no password for \(user) at \(host): set \(Self.passwordVariable), or give "
                + "--password-file FILE, or write it into .netrc"
        )
    }

    private func password(in path: String) throws(CommandError) -> String {
        let file = try SmallFile.read(path, limit: Self.passwordBytes)
        warn(about: file, path)
        let line = file.bytes.prefix { $0 != UInt8(ascii: "\n") }
        let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        guard let password = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.dataError, "the first line of \(path) is not UTF-8")
        }
        guard !password.isEmpty else {
            throw CommandError(.dataError, "the first line of \(path) is empty: it has no password")
        }
        return password
    }

    /// The `.netrc` where nobody named a user: one that was not named either, and cannot be read,
    /// must not keep anybody from a server that may want no password.
    private func unaskedNetrc() throws(CommandError) -> Netrc {
        do throws(CommandError) {
            return try netrc()
        } catch {
            guard namedNetrc == nil else { throw error }
            logger.warning("asking without a password: \(error)")
            return Netrc()
        }
    }

    /// The file that the environment names.
    private var namedNetrc: String? { environment["NETRC"].flatMap { $0.isEmpty ? nil : $0 } }

    private func netrc() throws(CommandError) -> Netrc {
        let named = namedNetrc
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.netrc" }
        guard let path = named ?? home else { return Netrc() }
        // One that was named must be there; the other one may be.
        guard named != nil || FileManager.default.fileExists(atPath: path) else { return Netrc() }
        let file = try SmallFile.read(path, limit: Self.netrcBytes)
        let netrc = try Netrc(file.bytes, path: path)
        if netrc.hasPasswords { warn(about: file, path) }
        return netrc
    }

    private func warn(about file: SmallFile, _ path: String) {
        guard file.isReadableByOthers else { return }
        logger.warning("others can read the passwords in \(path): chmod 600 \(path)")
    }
}

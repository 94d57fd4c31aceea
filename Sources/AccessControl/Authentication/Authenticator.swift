import Crypto
import Foundation
import Synchronization

/// What somebody has proved about themselves.
public enum Authentication: Hashable, Sendable {
    /// Nothing was said.
    case anonymous
    /// The user is who they say.
    case caller(Caller)
    /// The password is wrong, nobody has the login, the user is disabled, or what was sent cannot
    /// be read.
    case refused
}

/// Finds out who asks, by login and password.
///
/// A password that was right is remembered as a keyed digest, so that the next request with it
/// costs next to nothing; the directory is asked each time, so that a password that was changed or
/// a user who was disabled is refused at once. A login that nobody has takes as long as a wrong
/// password.
public struct Authenticator: Sendable {
    /// Logins whose last right password is remembered: 1,024; beyond it the one that has not come
    /// for the longest time is forgotten.
    public static let rememberedLogins = 1_024

    /// Where users are looked up.
    public let directory: any UserDirectory
    /// Where passwords are checked.
    public let hasher: PasswordHasher
    private let proven = ProvenPasswords(limit: rememberedLogins)
    private let nobody: PasswordHash

    /// Makes an authenticator that remembers nobody yet.
    ///
    /// - Parameters:
    ///   - directory: Where users are looked up.
    ///   - hasher: Where passwords are checked; one for the whole process.
    public init(_ directory: any UserDirectory, hasher: PasswordHasher = PasswordHasher()) {
        self.directory = directory
        self.hasher = hasher
        nobody = PasswordHash.ofNothing(cost: hasher.cost)
    }

    /// Finds out whether a login and a password belong together.
    ///
    /// - Parameters:
    ///   - login: The login that was given.
    ///   - password: The password that was given.
    /// - Returns: Who asks; nil for a wrong password, an unknown login or a disabled user.
    /// - Throws: ``PasswordHasher/Busy``; errors of the directory; `CancellationError`.
    public func authenticate(login: String, password: String) async throws -> Caller? {
        let stored = Self.mayBeLogin(login) ? try await directory.storedUser(login) : nil
        let digest = proven.digest(login, password, stored?.password)
        if let stored, proven.contains(digest, of: login) {
            return stored.user.isDisabled ? nil : stored.user.caller
        }
        let hash = stored?.password ?? nobody
        guard try await hasher.matches(hash, password, key: digest), let stored else {
            return nil
        }
        proven.insert(digest, of: login)
        // What changed while the hash was computed counts already.
        guard let now = try await directory.storedUser(login), now.password == stored.password,
            !now.user.isDisabled
        else { return nil }
        return now.user.caller
    }

    /// Finds out who sent an `Authorization` field.
    ///
    /// - Parameter field: The value of the field; nil where there is none.
    /// - Returns: Who asks, or that they are refused; everything but the scheme Basic is.
    /// - Throws: ``PasswordHasher/Busy``; errors of the directory; `CancellationError`.
    public func authenticate(authorizationField field: String?) async throws -> Authentication {
        guard let field else { return .anonymous }
        guard let credentials = BasicCredentials(field: field) else { return .refused }
        let caller = try await authenticate(
            login: credentials.login,
            password: credentials.password
        )
        return caller.map { .caller($0) } ?? .refused
    }

    private static func mayBeLogin(_ login: String) -> Bool {
        do throws(InvalidUser) {
            try UserRules.checkLogin(login)
            return true
        } catch {
            return false
        }
    }
}

/// The digests of passwords that were right, at most one for a login.
private final class ProvenPasswords: Sendable {
    private struct Entry {
        var digest: PasswordHasher.Key
        /// Counts up; the lowest is forgotten first.
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var uses: UInt64 = 0
    }

    private let limit: Int
    /// Of this process alone, so that what is remembered proves nothing elsewhere.
    private let secret = SymmetricKey(size: .bits256)
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// A digest of login, password and what the directory has: it is another one as soon as one of
    /// them is.
    func digest(_ login: String, _ password: String, _ hash: PasswordHash?) -> PasswordHasher.Key {
        var code = HMAC<SHA256>(key: secret)
        for text in [login, hash?.encoded ?? "", password] {
            let bytes = Array(text.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { code.update(data: $0) }
            code.update(data: bytes)
        }
        return PasswordHasher.Key(code.finalize())
    }

    func contains(_ digest: PasswordHasher.Key, of login: String) -> Bool {
        state.withLock { state in
            guard state.entries[login]?.digest == digest else { return false }
            state.uses += 1
            state.entries[login]?.lastUse = state.uses
            return true
        }
    }

    func insert(_ digest: PasswordHasher.Key, of login: String) {
        state.withLock { state in
            state.uses += 1
            state.entries[login] = Entry(digest: digest, lastUse: state.uses)
            guard state.entries.count > limit,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            else { return }
            state.entries[oldest] = nil
        }
    }
}

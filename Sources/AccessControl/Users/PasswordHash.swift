import Crypto
import CryptoExtras
import EventModel

/// What proves a password without telling it: scrypt (RFC 7914) with a salt of its own.
///
/// The parameters are stored with the hash, so that they may be raised later.
public struct PasswordHash: Hashable, Sendable {
    /// The parameters of scrypt.
    struct Cost: Hashable, Sendable {
        /// How often the memory is passed through; a power of 2.
        var rounds: Int
        /// The size of a block, in units of 128 bytes.
        var blockSize: Int
        /// How many such passes there are, one after the other.
        var parallelism: Int

        /// 16 MiB of memory and about 50 ms of one core.
        static let standard = Cost(rounds: 1 << 14, blockSize: 8, parallelism: 1)

        /// Whether this is a cost that may be paid: a damaged file must not fill the memory.
        var isReasonable: Bool {
            rounds > 1 && rounds <= 1 << 17 && rounds & (rounds - 1) == 0
                && (1...16).contains(blockSize) && (1...4).contains(parallelism)
                && rounds * blockSize <= 1 << 20
        }
    }

    private static let saltBytes = 16
    private static let keyBytes = 32

    let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        (self.cost, self.salt, self.key) = (cost, salt, key)
    }

    /// Hashes a password with a new salt; blocks for about 50 ms and takes 16 MiB meanwhile.
    ///
    /// In a server use ``PasswordHasher``, which bounds both.
    ///
    /// - Parameter password: The password.
    /// - Throws: ``InvalidUser`` for a password that may not be; errors of the cryptography library
    ///   where there is no memory.
    public init(of password: String) throws {
        try self.init(of: password, cost: .standard)
    }

    /// Hashes a password at a cost that tests may lower.
    package init(of password: String, rounds: Int) throws {
        try self.init(of: password, cost: Cost(rounds: rounds, blockSize: 8, parallelism: 1))
    }

    init(of password: String, cost: Cost) throws {
        try UserRules.checkPassword(password)
        let salt = Self.random(Self.saltBytes)
        self.init(
            cost: cost,
            salt: salt,
            key: try Self.derive(Array(password.utf8), salt: salt, cost: cost)
        )
    }

    /// A hash that no password has: for logins that nobody has.
    static func ofNothing(cost: Cost) -> PasswordHash {
        PasswordHash(cost: cost, salt: random(saltBytes), key: random(keyBytes))
    }

    /// Says whether a password is the one, in a time that does not depend on how far it is right.
    ///
    /// Blocks as long as making the hash did, also for a text that can be no password.
    ///
    /// - Parameter password: The password that somebody gave.
    /// - Returns: Whether it is the one.
    /// - Throws: Errors of the cryptography library where there is no memory.
    public func matches(_ password: String) throws -> Bool {
        var candidate = Array(password.utf8)
        let mayBe = (1...UserRules.passwordBytes).contains(candidate.count)
        // scrypt takes no empty text, and a long one must not cost more than others.
        if !mayBe { candidate = [0] }
        let derived = try Self.derive(candidate, salt: salt, cost: cost)
        var difference: UInt8 = derived.count == key.count ? 0 : 1
        for (left, right) in zip(derived, key) { difference |= left ^ right }
        return mayBe && difference == 0
    }

    private static func derive(_ password: [UInt8], salt: [UInt8], cost: Cost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: password,
            salt: salt,
            outputByteCount: keyBytes,
            rounds: cost.rounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
        return key.withUnsafeBytes { Array($0) }
    }

    private static func random(_ count: Int) -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    /// The hash as a directory keeps it: `scrypt:ROUNDS:BLOCK:PARALLEL:SALT:KEY`, the last two in
    /// hexadecimal digits.
    public var encoded: String {
        "scrypt:\(cost.rounds):\(cost.blockSize):\(cost.parallelism):"
            + "\(Hex.string(of: salt)):\(Hex.string(of: key))"
    }

    /// Reads what a directory has kept.
    ///
    /// - Parameter encoded: What ``encoded`` made; returns nil for anything else, and for costs
    ///   that are out of reason.
    public init?(encoded: String) {
        let parts = encoded.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]),
            let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
            let salt = Hex.bytes(of: parts[4]), salt.count == Self.saltBytes,
            let key = Hex.bytes(of: parts[5]), key.count == Self.keyBytes
        else { return nil }
        let cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isReasonable else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible {
    /// Says what it is and nothing of what it holds: hashes have no business in logs.
    public var description: String { "a password hash" }
    /// As ``description``.
    public var debugDescription: String { description }
}

/// Random numbers that are the same for the same seed, so that a failing test can be repeated.
///
/// The algorithm is SplitMix64 (Steele, Lea and Flood, 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence of numbers.
    ///
    /// - Parameter seed: Which sequence.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next number of the sequence.
    ///
    /// - Returns: 64 bits, each as likely 0 as 1.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

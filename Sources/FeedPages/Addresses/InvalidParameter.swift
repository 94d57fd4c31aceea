/// A query parameter that an address does not take as it was sent; 400 `invalid-parameter`.
public struct InvalidParameter: Error, Hashable, Sendable, CustomStringConvertible {
    /// The parameter's name, as far as it could be read, shortened to 100 characters.
    public let parameter: String
    /// Its value as it was sent, shortened to 100 characters; nil where there is none.
    public let value: String?
    /// What is allowed, in the words of a message.
    public let expected: String

    /// Names a parameter and what it may be.
    ///
    /// - Parameters:
    ///   - parameter: The parameter's name.
    ///   - value: Its value as it was sent.
    ///   - expected: What is allowed.
    public init(_ parameter: some StringProtocol, value: (some StringProtocol)?, expected: String) {
        self.parameter = String(parameter.prefix(100))
        self.value = value.map { String($0.prefix(100)) }
        self.expected = expected
    }

    /// One sentence with the name, the value and what is allowed.
    public var description: String {
        let found = value.map { "\(parameter)=\($0)" } ?? parameter
        return "query parameter \(found) is not valid: \(expected)"
    }
}

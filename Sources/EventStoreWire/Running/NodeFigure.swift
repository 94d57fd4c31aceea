/// One figure about the node or its process, or a group of them.
public struct NodeFigure: Sendable {
    /// What a figure is.
    public enum Value: Sendable {
        /// A whole number.
        case number(Int64)
        /// A text.
        case text(String)
        /// Figures that belong together.
        case group([NodeFigure])
    }

    /// The name, as it stands in JSON.
    public let name: String
    /// The figure.
    public let value: Value

    /// Names a figure.
    ///
    /// - Parameters:
    ///   - name: The name, of letters, digits and dashes.
    ///   - value: The figure.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

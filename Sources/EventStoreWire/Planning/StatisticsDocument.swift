import EventModel

/// `/stats`: the node's figures as JSON, nested or flat.
enum StatisticsDocument {
    /// The figures that a path chooses.
    ///
    /// - Returns: Nil where the path leads to no group.
    static func group(_ path: [String], in figures: [NodeFigure]) -> [NodeFigure]? {
        var figures = figures
        for name in path {
            guard case .group(let inner)? = figures.first(where: { $0.name == name })?.value
            else { return nil }
            figures = inner
        }
        return figures
    }

    /// Figures one inside the other, indented by two spaces a level.
    static func nested(_ figures: [NodeFigure]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(figures, depth: 0, to: &bytes)
        return bytes
    }

    /// Figures in one object, the names of groups joined with `-`.
    static func flat(_ figures: [NodeFigure]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(flattened(figures, prefix: ""), depth: 0, to: &bytes)
        return bytes
    }

    private static func flattened(_ figures: [NodeFigure], prefix: String) -> [NodeFigure] {
        figures.flatMap { figure -> [NodeFigure] in
            let name = prefix + figure.name
            guard case .group(let inner) = figure.value else {
                return [NodeFigure(name, figure.value)]
            }
            return flattened(inner, prefix: name + "-")
        }
    }

    private static func append(_ figures: [NodeFigure], depth: Int, to bytes: inout [UInt8]) {
        guard !figures.isEmpty else {
            bytes.append(contentsOf: "{}".utf8)
            return
        }
        bytes.append(UInt8(ascii: "{"))
        for (place, figure) in figures.enumerated() {
            bytes.append(contentsOf: place == 0 ? "\n".utf8 : ",\n".utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * (depth + 1)))
            JSONWriting.appendString(figure.name, to: &bytes)
            bytes.append(contentsOf: ": ".utf8)
            switch figure.value {
            case .number(let number): bytes.append(contentsOf: String(number).utf8)
            case .text(let text): JSONWriting.appendString(text, to: &bytes)
            case .group(let inner): append(inner, depth: depth + 1, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
        bytes.append(UInt8(ascii: "}"))
    }
}

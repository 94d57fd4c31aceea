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
        var json = JSONOutput(capacity: 1_024)
        append(figures, to: &json)
        return json.bytes
    }

    /// Figures in one object, the names of groups joined with `-`.
    static func flat(_ figures: [NodeFigure]) -> [UInt8] {
        nested(flattened(figures, prefix: ""))
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

    private static func append(_ figures: [NodeFigure], to json: inout JSONOutput) {
        json.openObject()
        for figure in figures {
            json.name(of: figure.name)
            switch figure.value {
            case .number(let number): json.number(number)
            case .text(let text): json.string(text)
            case .group(let inner): append(inner, to: &json)
            }
        }
        json.closeObject()
    }
}

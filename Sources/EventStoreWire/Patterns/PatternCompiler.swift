/// Turns the tree of a pattern into steps.
struct PatternCompiler {
    private(set) var steps: [NamePattern.Step] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds the steps of a node.
    ///
    /// - Throws: ``InvalidPattern`` where there would be too many.
    mutating func append(_ node: PatternNode) throws(InvalidPattern) {
        switch node {
        case .empty: break
        case .take(let set): try add(.take(set))
        case .begin: try add(.begin)
        case .end: try add(.end)
        case .sequence(let parts):
            for part in parts { try append(part) }
        case .choice(let branches): try append(choice: branches[...])
        case .repeated(let node, let least, let most):
            for _ in 0..<least { try append(node) }
            guard let most else { return try append(withoutEnd: node) }
            for _ in least..<most { try append(optional: node) }
        }
    }

    private mutating func append(choice branches: ArraySlice<PatternNode>) throws(InvalidPattern) {
        guard let first = branches.first else { return }
        guard branches.count > 1 else { return try append(first) }
        let split = steps.count
        try add(.split(0, 0))
        try append(first)
        let jump = steps.count
        try add(.jump(0))
        steps[split] = .split(split + 1, steps.count)
        try append(choice: branches.dropFirst())
        steps[jump] = .jump(steps.count)
    }

    private mutating func append(optional node: PatternNode) throws(InvalidPattern) {
        let split = steps.count
        try add(.split(0, 0))
        try append(node)
        steps[split] = .split(split + 1, steps.count)
    }

    private mutating func append(withoutEnd node: PatternNode) throws(InvalidPattern) {
        let split = steps.count
        try add(.split(0, 0))
        try append(node)
        try add(.jump(split))
        steps[split] = .split(split + 1, steps.count)
    }

    private mutating func add(_ step: NamePattern.Step) throws(InvalidPattern) {
        guard steps.count < limit else {
            throw InvalidPattern("the pattern is too large once its counts are written out")
        }
        steps.append(step)
    }
}

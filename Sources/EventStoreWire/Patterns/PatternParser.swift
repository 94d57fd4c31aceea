/// A pattern as a tree.
indirect enum PatternNode: Equatable {
    case empty
    case take(CharacterClass)
    case begin
    case end
    case sequence([PatternNode])
    case choice([PatternNode])
    /// At least so often and at most so often; nil for without end.
    case repeated(PatternNode, least: Int, most: Int?)
}

/// Reads the text of a pattern.
struct PatternParser {
    /// How often a `{n,m}` may repeat.
    private static let maximumCount = 256
    /// Groups one inside the other.
    private static let maximumDepth = 32

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The whole pattern.
    mutating func parse() throws(InvalidPattern) -> PatternNode {
        let node = try choice()
        guard index == scalars.count else { throw InvalidPattern("there is a ) without a (") }
        return node
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func choice() throws(InvalidPattern) -> PatternNode {
        var branches = [try sequence()]
        while next == "|" {
            index += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(InvalidPattern) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repetition(of: try atom()))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom() throws(InvalidPattern) -> PatternNode {
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case ".": return .take(.any)
        case "^": return .begin
        case "$": return .end
        case "[": return .take(try characterClass())
        case "(": return try group()
        case "\\": return try escape()
        case "*", "+", "?": throw InvalidPattern("there is nothing before a \(scalar)")
        default: return .take(.one(scalar))
        }
    }

    private mutating func group() throws(InvalidPattern) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw InvalidPattern("groups may be nested \(Self.maximumDepth) deep")
        }
        if next == "?" {
            guard index + 1 < scalars.count, scalars[index + 1] == ":" else {
                throw InvalidPattern("of groups with (? only (?: is known")
            }
            index += 2
        }
        let node = try choice()
        guard next == ")" else { throw InvalidPattern("there is a ( without a )") }
        index += 1
        return node
    }

    private mutating func repetition(of node: PatternNode) throws(InvalidPattern) -> PatternNode {
        var node = node
        while let scalar = next {
            let bounds: (least: Int, most: Int?)
            switch scalar {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{":
                guard let counted = try counts() else { return node }
                bounds = counted
            // `counts` stands on the closing brace.
            default: return node
            }
            index += 1
            // Whether as little or as much as possible is taken changes no answer.
            if next == "?" { index += 1 }
            node = .repeated(node, least: bounds.least, most: bounds.most)
        }
        return node
    }

    /// Reads `{n}`, `{n,}` or `{n,m}` up to its brace; nil where it is none and stands for itself.
    private mutating func counts() throws(InvalidPattern) -> (least: Int, most: Int?)? {
        guard let close = scalars[index...].firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(scalars[(index + 1)..<close]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let least = Int(parts[0]), least >= 0 else {
            return nil
        }
        let most = parts.count == 1 ? least : parts[1].isEmpty ? nil : Int(parts[1])
        guard parts.count == 1 || parts[1].isEmpty || most != nil else { return nil }
        guard max(least, most ?? 0) <= Self.maximumCount, least <= most ?? least else {
            throw InvalidPattern("{\(text)} is not 0 to \(Self.maximumCount), the lower one first")
        }
        index = close
        return (least, most)
    }

    private mutating func escape() throws(InvalidPattern) -> PatternNode {
        .take(try escapedClass())
    }

    private mutating func escapedClass() throws(InvalidPattern) -> CharacterClass {
        guard let scalar = next else { throw InvalidPattern("the pattern ends with a \\") }
        index += 1
        switch scalar {
        case "d": return .digit
        case "w": return .word
        case "s": return .space
        case "D", "W", "S":
            var set = scalar == "D" ? CharacterClass.digit : scalar == "W" ? .word : .space
            set.isNegated = true
            return set
        case "t": return .one("\t")
        case "n": return .one("\n")
        case "r": return .one("\r")
        default:
            guard !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
                throw InvalidPattern("\\\(scalar) is not known")
            }
            return .one(scalar)
        }
    }

    private mutating func characterClass() throws(InvalidPattern) -> CharacterClass {
        var set = CharacterClass(ranges: [])
        if next == "^" {
            set.isNegated = true
            index += 1
        }
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            index += 1
            var low = scalar
            if scalar == "\\" {
                let escaped = try escapedClass()
                guard !escaped.isNegated else {
                    throw InvalidPattern("\\D, \\W and \\S are not known in brackets")
                }
                guard escaped.ranges.count == 1,
                    escaped.ranges[0].lowerBound == escaped.ranges[0].upperBound,
                    let single = Unicode.Scalar(escaped.ranges[0].lowerBound)
                else {
                    set.ranges += escaped.ranges
                    continue
                }
                low = single
            }
            set.ranges.append(low.value...(try upperBound(after: low)))
        }
        guard next == "]" else { throw InvalidPattern("there is a [ without a ]") }
        index += 1
        return set
    }

    /// The end of a range that may follow a character in brackets; the character where none does.
    private mutating func upperBound(after low: Unicode.Scalar) throws(InvalidPattern) -> UInt32 {
        guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
            return low.value
        }
        index += 1
        var high = scalars[index]
        index += 1
        if high == "\\" {
            let escaped = try escapedClass()
            guard escaped.ranges.count == 1,
                let single = Unicode.Scalar(escaped.ranges[0].lowerBound)
            else { throw InvalidPattern("a range in brackets ends with a character") }
            high = single
        }
        guard high.value >= low.value else {
            throw InvalidPattern("\(low)-\(high) is no range: the lower one comes first")
        }
        return high.value
    }
}

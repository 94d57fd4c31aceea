/// A regular expression over names that cannot be made to take long: all its ways are followed at
/// the same time, so a match costs the length of the name times the size of the pattern.
///
/// It knows the parts that names need: literals, `.`, classes, groups, `|`, `* + ? {n,m}`, `^`, `$`
/// and `\d \w \s`; what needs backtracking (references, look-around) is refused. As in the product
/// a match may stand anywhere in the name.
struct NamePattern: Sendable {
    /// Bytes of UTF-8 in a pattern.
    static let maximumBytes = 512
    /// Steps of a pattern after its counts were written out.
    static let maximumSteps = 2_000

    /// One step; places are indices of steps.
    enum Step: Sendable {
        /// Takes a character of a set.
        case take(CharacterClass)
        /// Goes on at two places.
        case split(Int, Int)
        /// Goes on at one place.
        case jump(Int)
        /// Goes on at the beginning of the name alone.
        case begin
        /// Goes on at the end of the name alone.
        case end
        /// The name matches.
        case match
    }

    private let steps: [Step]

    /// Reads a pattern.
    ///
    /// - Parameter text: The pattern.
    /// - Throws: ``InvalidPattern`` that says what is not understood.
    init(_ text: String) throws(InvalidPattern) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw InvalidPattern("a pattern has at most \(Self.maximumBytes) bytes")
        }
        var parser = PatternParser(text)
        let node = try parser.parse()
        var compiler = PatternCompiler(limit: Self.maximumSteps)
        try compiler.append(node)
        steps = compiler.steps + [.match]
    }

    /// Whether the pattern matches somewhere in a name.
    func matches(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        var states = StateSet(count: steps.count)
        var next = StateSet(count: steps.count)
        for index in 0...scalars.count {
            // A match may begin at every character.
            if follow(0, at: index, of: scalars.count, &states) { return true }
            guard index < scalars.count else { break }
            next.removeAll()
            for place in states.members {
                guard case .take(let set) = steps[place], set.contains(scalars[index]) else {
                    continue
                }
                if follow(place + 1, at: index + 1, of: scalars.count, &next) { return true }
            }
            swap(&states, &next)
        }
        return false
    }

    /// Adds a place and all that can be reached from it without a character.
    ///
    /// - Returns: Whether a match was reached.
    private func follow(_ start: Int, at index: Int, of count: Int, _ states: inout StateSet)
        -> Bool
    {
        var pending = [start]
        while let place = pending.popLast() {
            guard states.insert(place) else { continue }
            switch steps[place] {
            case .match: return true
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .begin: if index == 0 { pending.append(place + 1) }
            case .end: if index == count { pending.append(place + 1) }
            case .take: break
            }
        }
        return false
    }

    /// A set of places that is emptied in no time.
    private struct StateSet {
        private(set) var members: [Int] = []
        private var marks: [Bool]

        init(count: Int) {
            marks = Array(repeating: false, count: count)
        }

        mutating func insert(_ place: Int) -> Bool {
            guard !marks[place] else { return false }
            marks[place] = true
            members.append(place)
            return true
        }

        mutating func removeAll() {
            for place in members { marks[place] = false }
            members.removeAll(keepingCapacity: true)
        }
    }
}

/// Why a pattern was refused.
struct InvalidPattern: Error, Equatable, CustomStringConvertible {
    /// One sentence without its end.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A set of characters.
struct CharacterClass: Hashable, Sendable {
    /// What is in it.
    var ranges: [ClosedRange<UInt32>]
    /// Whether it is everything else that is in it.
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isNegated
    }

    static func one(_ scalar: Unicode.Scalar) -> CharacterClass {
        CharacterClass(ranges: [scalar.value...scalar.value])
    }

    /// Everything but a line feed.
    static let any = CharacterClass(ranges: [0x0A...0x0A], isNegated: true)
    static let digit = CharacterClass(ranges: [0x30...0x39])
    static let word = CharacterClass(
        ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A, 0xC0...0x24F, 0x370...0x1FFF]
    )
    static let space = CharacterClass(ranges: [0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0])
}

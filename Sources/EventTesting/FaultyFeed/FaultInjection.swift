/// Where and when a feed does something wrong.
public struct FaultInjection: Sendable {
    /// When it strikes, among the requests at its places.
    public enum Occasion: Hashable, Sendable {
        /// At every request.
        case always
        /// At so many requests from the first on.
        case first(Int)
        /// At one request, the first being 1.
        case request(Int)
        /// At one request in so many, chosen by a seed, until it has struck so many times.
        ///
        /// Requests that come side by side come in any order: the seed repeats the choices, not
        /// what meets them.
        case random(seed: UInt64, oneIn: Int, strikes: Int)
    }

    /// What goes wrong; where there are several faults, chance takes one each time.
    public let faults: [Fault]
    /// Where it may strike; a fault strikes only at places where it makes sense.
    public let places: Set<Fault.Place>
    /// When it strikes.
    public let occasion: Occasion

    /// States where and when a fault strikes.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - places: Where; every place where it makes sense, if nothing is given.
    ///   - occasion: When.
    public init(_ fault: Fault, at places: Set<Fault.Place>? = nil, when occasion: Occasion) {
        self.init([fault], at: places ?? fault.places, when: occasion)
    }

    /// States where and when one of several faults strikes.
    ///
    /// - Parameters:
    ///   - faults: What may go wrong.
    ///   - places: Where; everywhere, if nothing is given.
    ///   - occasion: When.
    public init(
        _ faults: [Fault],
        at places: Set<Fault.Place> = Set(Fault.Place.allCases),
        when occasion: Occasion
    ) {
        self.faults = faults
        self.places = places
        self.occasion = occasion
    }
}

/// An injection, with what it has seen.
struct InjectionState: Sendable {
    private let injection: FaultInjection
    private var random: SeededGenerator
    private var requests = 0
    private var strikes = 0

    init(_ injection: FaultInjection) {
        self.injection = injection
        if case .random(let seed, _, _) = injection.occasion {
            random = SeededGenerator(seed: seed)
        } else {
            random = SeededGenerator(seed: 0)
        }
    }

    /// Takes note of a request, and draws the fault that it meets.
    ///
    /// - Parameters:
    ///   - place: What is asked for.
    ///   - isTaken: Whether the request meets another fault already, and this one is out.
    /// - Returns: The fault; nil where the request meets none of these.
    mutating func draw(at place: Fault.Place, isTaken: Bool) -> Fault? {
        let fitting = injection.faults.filter { $0.places.contains(place) }
        guard injection.places.contains(place), !fitting.isEmpty else { return nil }
        requests += 1
        let isDue =
            switch injection.occasion {
            case .always: true
            case .first(let count): requests <= count
            case .request(let number): requests == number
            case .random(_, let oneIn, let most):
                strikes < most && Int.random(in: 1...max(1, oneIn), using: &random) == 1
            }
        guard isDue, !isTaken else { return nil }
        strikes += 1
        return fitting.randomElement(using: &random)
    }
}

import EventModel
import FeedPages
import NIOCore

/// A request body that is taken in up to its limit and within the budget of all bodies.
///
/// What it took of the budget it gives back when it goes.
final class BoundedBody {
    private let body: any RequestBody
    private let limit: Int
    private let field: String
    private let budget: BodyBudget
    private var taken = 0

    /// - Parameters:
    ///   - body: The body as it arrives.
    ///   - field: What is limited, for the error: `body` or `data`.
    ///   - limit: Bytes; one that announces more is refused at once.
    ///   - budget: The budget of all bodies.
    /// - Throws: ``LimitExceeded`` for a body that announces more than the limit.
    init(_ body: any RequestBody, field: String, limit: Int, budget: BodyBudget) throws {
        self.body = body
        self.field = field
        self.limit = limit
        self.budget = budget
        if let announced = body.announcedBytes { try check(announced) }
    }

    deinit {
        budget.giveBack(taken)
    }

    /// Hands over the body piece by piece.
    ///
    /// - Parameter take: Called for each piece as it arrives.
    /// - Throws: ``LimitExceeded``, ``FieldedProblem`` (503), ``Refusal``, and what `take` throws.
    func forEach(_ take: (ByteBuffer) throws -> Void) async throws {
        while let piece = try await body.next() {
            try check(taken + piece.readableBytes)
            guard budget.take(piece.readableBytes) else {
                throw FieldedProblem.later(
                    .overloaded,
                    "Too many bodies arrive at once: repeat the request.",
                    seconds: 1
                )
            }
            taken += piece.readableBytes
            try take(piece)
        }
    }

    /// Takes the whole body in.
    ///
    /// - Returns: Its bytes.
    func bytes() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.announcedBytes ?? 0)
        try await forEach { bytes.append(contentsOf: $0.readableBytesView) }
        return bytes
    }

    private func check(_ size: Int) throws {
        guard size <= limit else {
            throw LimitExceeded(field: field, limit: limit, actual: size)
        }
    }
}

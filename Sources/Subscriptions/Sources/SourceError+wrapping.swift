public import EventModel

extension SourceError {
    /// Classes what a store or a source threw; the one place where that is decided.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - address: Where it came from.
    /// - Returns: A ``SourceError``, or the `CancellationError` that it was.
    package static func wrapping(_ error: any Error, address: String) -> any Error {
        switch error {
        case let error as SourceError: error
        case let error as CancellationError: error
        case let error as AfterHead: afterHead(error, address: address)
        case let error as EventStoreError:
            SourceError(code(of: error.code), "\(address): \(error)", cause: error)
        default:
            SourceError(.unexpected, "\(address): \(error)", cause: error)
        }
    }

    /// A history that ends before the number that was asked for; whether it is another history is
    /// for whoever knows the checkpoint to say.
    ///
    /// - Parameters:
    ///   - error: What the store or the server said.
    ///   - address: Where it said so.
    /// - Returns: The error, with the head that was expected and the one that is there.
    public static func afterHead(_ error: AfterHead, address: String) -> SourceError {
        SourceError(
            .afterHead,
            "\(address) ends at event \(error.head), before event \(error.after)",
            difference: .head(expected: error.after, actual: error.head, epoch: error.epoch),
            cause: error
        )
    }

    private static func code(of code: EventStoreError.Code) -> Code {
        switch code {
        case .closed: .closed
        case .corrupt, .unsupportedSchema: .unsupportedFormat
        default: .unavailable
        }
    }
}

import EventModel

/// What a batch can turn out to be, in words.
extension SourceError {
    /// Numbers are missing after `expected`.
    static func hole(expected last: EventNumber, actual: EventNumber) -> SourceError {
        let (next, overflow) = last.rawValue.addingReportingOverflow(1)
        let expected = overflow ? last : EventNumber(next)
        return SourceError(
            .hole,
            "a hole: event \(expected) had to follow, the answer goes on at \(actual); nothing of "
                + "it was applied",
            difference: .number(expected: expected, actual: actual)
        )
    }

    /// The events of an answer do not lead from its first chain value to its last.
    static func changed(at number: EventNumber, computed: ChainDigest, stated: ChainDigest)
        -> SourceError
    {
        SourceError(
            .changedDocument,
            "a changed document: its events lead to chain \(computed) at event \(number), but it "
                + "states \(stated); nothing of it was applied",
            difference: .chain(at: number, expected: stated, actual: computed)
        )
    }

    /// The history up to the checkpoint is another one.
    static func chainMismatch(at number: EventNumber, expected: ChainDigest, actual: ChainDigest)
        -> SourceError
    {
        SourceError(
            .chainMismatch,
            "another history: at event \(number) the checkpoint has chain \(expected), the source "
                + "\(actual); what was applied is not what the source has, so start again from "
                + "nothing with it",
            difference: .chain(at: number, expected: expected, actual: actual)
        )
    }

    /// The source has another epoch than the checkpoint.
    static func anotherEpoch(expected: Epoch, actual: Epoch) -> SourceError {
        SourceError(
            .anotherEpoch,
            "another epoch: the checkpoint belongs to \(expected), the source has \(actual); if "
                + "you know why, go on with --accept-epoch \(actual)",
            difference: .epoch(expected: expected, actual: actual)
        )
    }

    /// The source accepted in place of another one lacks events that were applied.
    static func acceptedEpochTooShort(_ epoch: Epoch, head: EventNumber, checkpoint: Checkpoint)
        -> SourceError
    {
        SourceError(
            .chainMismatch,
            "epoch \(epoch) ends at event \(head), before the checkpoint at \(checkpoint.number): "
                + "it lacks events that were applied, so start again from nothing with it",
            difference: .head(expected: checkpoint.number, actual: head, epoch: epoch)
        )
    }

    /// The history ends before a head that was seen or applied earlier.
    static func headWentBack(to head: EventNumber, from seen: EventNumber, epoch: Epoch)
        -> SourceError
    {
        SourceError(
            .headWentBack,
            "the source lags: its head is \(head) where \(seen) was seen before",
            difference: .head(expected: seen, actual: head, epoch: epoch)
        )
    }
}

import EventModel
import Subscriptions

extension EventNumber {
    /// Brings the checkpoint of a handler in line with the number that the handler has kept.
    ///
    /// A checkpoint before it is left: what the handler has is skipped, and the chain is checked
    /// on the way. One beyond it goes back, since the handler has lost what came after, say in a
    /// restored backup; the chain at the number is then taken from the source.
    ///
    /// - Parameters:
    ///   - store: Where the checkpoint is kept.
    ///   - source: The feed.
    /// - Throws: ``CommandError`` where the feed has not what the handler has; `SourceError`;
    ///   `CheckpointStoreError`.
    func reconcile(_ store: some CheckpointStore, with source: any EventSource) async throws {
        let description = try await source.describe()
        guard self <= description.head else {
            throw CommandError(
                .unavailable,
                "--after-from: the handler has kept event \(self), \(source.address) ends at "
                    + "\(description.head): it lags, or it is another feed"
            )
        }
        guard let checkpoint = try await store.checkpoint(), self < checkpoint.number else {
            return
        }
        let batch = try await source.events(
            after: self,
            limit: 1,
            matching: .everything,
            waitingUpTo: nil
        )
        guard batch.epoch == checkpoint.epoch, batch.after == self else {
            throw CommandError(
                .protocolError,
                "--after-from: the checkpoint belongs to epoch \(checkpoint.epoch), "
                    + "\(source.address) has \(batch.epoch)"
            )
        }
        StandardStream.error.tell(
            "the handler has kept event \(self), before the checkpoint at \(checkpoint.number): "
                + "going back"
        )
        try await store.advance(
            from: checkpoint,
            to: Checkpoint(number: self, epoch: batch.epoch, chain: batch.chainAfter)
        )
    }
}

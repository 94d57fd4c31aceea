/// Where an event's id counts when an append is judged.
public enum IDScope: Hashable, Sendable {
    /// In the whole store: an id belongs to one event for ever, and a repetition must have the same
    /// content. This is what every interface of our own means.
    case store
    /// In the stream that the append writes to; the content does not count.
    ///
    /// The ids are what the client gave: they may repeat, in one append too, and where another
    /// event of the store has one already, the new event gets an id derived from it
    /// (``RecordedEvent/givenID``). What counts as a repetition depends on what is expected:
    ///
    /// - `any`, `exists`: if the stream knows no event with the first id, all events are recorded;
    ///   if it knows all ids, the append is a repetition; otherwise it fails with
    ///   ``PartlyRecorded``.
    /// - `exactly` a version below the stream's, and `none` for a stream that has events: it is a
    ///   repetition if the events after that version have the same ids, one by one, and otherwise
    ///   a ``VersionConflict``. `none` for a deleted stream records.
    /// - `exactly` the stream's version: all events are recorded.
    case stream
}

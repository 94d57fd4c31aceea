import ArgumentParser
import EventModel
import SQLiteStorage

/// `eventfeed new-epoch`: declares that a store's history may have forked.
struct NewEpochCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-epoch",
        abstract: "Give a store another epoch, after a backup was restored that may lack events.",
        discussion: """
            Subscribers that saw events which the backup lacks must not go on as if nothing had
            happened: they stop when they meet the new epoch (exit 76), and go on with
            --accept-epoch where their history is the same. Events and numbers stay. The server must
            not run meanwhile.

            Examples:
              sqlite3 -readonly store.db ".backup backup.db"   the backup, while the server runs
              rm -f store.db-wal store.db-shm                  restored, while it does not
              cp backup.db store.db
              eventfeed new-epoch store.db
            """
    )

    @Argument(help: "The store's file.")
    var store: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        try StoreFileCheck.requireFile(store)
        try Confirmation.ask(
            "Every subscriber of \(store) will stop until it is told to go on.",
            isGiven: yes || !StandardStream.input.isTerminal
        )
        let (old, new) = try SQLiteEventStore.newEpoch(path: store)
        try StandardStream.output.writeLine("epoch \(old) is now \(new)")
    }
}

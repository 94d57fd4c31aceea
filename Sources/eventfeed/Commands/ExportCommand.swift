import ArgumentParser
import EventModel

/// `eventfeed export`: writes a feed as plain files.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a feed as files: any web server on the folder is then a feed.",
        discussion: """
            Writes every complete page, data that is out of line, and feed.atom last. Pages that are
            there are kept: run it again and it adds what is new. A folder that holds another epoch
            is refused.

            Examples:
              eventfeed export store.db ./published
              eventfeed export http://127.0.0.1:2113 ./published
              eventfeed subscribe ./published --into copy.db --until-caught-up
            """
    )

    @Argument(help: "A feed, a server, a folder of published pages, or a store's file.")
    var url: String

    @Argument(help: "The folder to write to; it is made if it is not there.")
    var folder: String

    @OptionGroup(title: "Access")
    var access: AccessOptions

    func run() async throws {
        let start = ContinuousClock.now
        let exporter = Exporter(folder: ExportFolder(path: folder))
        let transport = try access.access.transport(for: url)
        try await FeedAccess.withPublishedHistory(url, transport: transport) { history in
            let files = try await exporter.export(history)
            StandardStream.error.tell(
                "\(Quantity.grouped(files)) files written, "
                    + "\(Quantity.grouped(history.head.number.rawValue)) events published in "
                    + "\(folder), in \(Quantity.time(start.duration(to: .now)))"
            )
        }
    }
}

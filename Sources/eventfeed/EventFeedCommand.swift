import ArgumentParser

/// The `eventfeed` command.
@main
struct EventFeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "eventfeed")
}

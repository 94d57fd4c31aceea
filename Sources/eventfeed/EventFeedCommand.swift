import ArgumentParser
import FeedReading

#if canImport(Glibc)
    private import CMalloc
    import Glibc
#else
    import Darwin
#endif

/// The `eventfeed` command: arguments and wiring.
@main
struct EventFeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eventfeed",
        abstract: "An event store that publishes its history as paged Atom feeds.",
        discussion: """
            Examples:
              eventfeed serve --data store.db
              eventfeed append http://127.0.0.1:2113 tab-1 --type TabOpened --data '{"table":4}'
              eventfeed subscribe http://127.0.0.1:2113 --every 2s --into copy.db

            Exit status: 0 done, 1 different (diff); 64 wrong usage, 65 invalid input, 66 no such \
            file, 69 not reachable, 70 internal, 73 cannot create, 74 input or output failed, 75 \
            try again, 76 the other side broke the rules or has another history, 77 not \
            permitted, 78 invalid configuration, 79 done, but events are parked.
            """,
        version: ProductVersion.number,
        subcommands: [
            ServeCommand.self, AppendCommand.self, SubscribeCommand.self, BrowseCommand.self,
            StatusCommand.self, WaitForCommand.self, ProjectionCommand.self, RebuildCommand.self,
            ParkedCommand.self, DiffCommand.self, ExportCommand.self, VerifyCommand.self,
            NewEpochCommand.self, UserCommand.self, MigrateCommand.self,
        ]
    )

    static func main() async {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        limitArenas()
        let name = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") }
        let lasting =
            [ServeCommand.self, SubscribeCommand.self, MigrateCommand.self]
            as [any ParsableCommand.Type]
        if lasting.contains(where: { $0.configuration.commandName == name }) {
            Foreground.stopGentlyBeforeWork()
        }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            endParsing(error)
        }
        do {
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Keeps freed memory from piling up, one heap for each thread.
    ///
    /// By default glibc gives threads arenas of their own, up to eight for each processor, and each
    /// keeps what was freed in it: `serve` had 153 to 180 MB resident after every page was fetched
    /// once, though nothing of it was in use. Two arenas are enough for as many threads as work at
    /// the same time here.
    private static func limitArenas() {
        #if canImport(Glibc)
            // It fails where the allocator is another one, which then has no such arenas.
            _ = mallopt(M_ARENA_MAX, 2)
        #endif
    }

    /// Ends the process after arguments that are wrong, or after help was asked for.
    private static func endParsing(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        // Help and version are no failures; the parser prints them.
        guard code.rawValue != ExitStatus.success.rawValue else { exit(withError: error) }
        let message = message(for: error).split(separator: "\n").joined(separator: " ")
        let names = configuration.subcommands.map { $0.configuration.commandName }
        let name = CommandLine.arguments.dropFirst().first { names.contains($0) }
        let help = ["eventfeed", name, "--help"].compactMap { $0 }.joined(separator: " ")
        StandardStream.error.tell("eventfeed: \(message); see \(help)")
        leave(.usage)
    }

    /// Ends the process with the status of an error and one line about it.
    private static func end(_ error: any Error) -> Never {
        // Help of a subcommand is an error without failure; the parser prints it.
        guard exitCode(for: error).rawValue != ExitStatus.success.rawValue else {
            exit(withError: error)
        }
        if let told = error as? EndTold { leave(told.status) }
        let hint = AccessHint.hint(for: error).map { "; \($0)" } ?? ""
        let message = "\(error)\(hint)".split(separator: "\n").joined(separator: " ")
        StandardStream.error.tell("eventfeed: \(TerminalText.escaped(message))")
        leave(ExitStatus(for: error))
    }
}

/// Ends the process; the command has an `exit` of its own, which hides the system's.
private func leave(_ status: ExitStatus) -> Never {
    exit(status.rawValue)
}

import AccessControl
import ArgumentParser

/// `eventfeed user`: who may log in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, change, list and remove the users of a store.",
        discussion: """
            A store without users is open to everybody who reaches it. With the first user, who
            must be in $admins, access control is on: reading the feed takes a role in
            --feed-readers of serve, and streams say themselves who may do what with them.

            Each command takes the file of a store that no server holds, or the address of its
            server. Passwords come from a prompt, the standard input or --new-password-file, and are
            stored as hashes in the store's file: keep it from others.

            Examples:
              eventfeed user add store.db ann --admin
              eventfeed user add http://127.0.0.1:2113 mirror --group readers --user ann
              eventfeed user passwd store.db ann --new-password-file new.txt
              eventfeed user list store.db
            """,
        subcommands: [
            Add.self, Passwd.self, Disable.self, Enable.self, Delete.self, List.self,
        ]
    )

    /// Whose users are meant.
    struct Place: ParsableArguments {
        @Argument(help: "The store's file, or the address of its server.")
        var store: String

        @OptionGroup(title: "Access")
        var access: AccessOptions
    }

    /// Which of them.
    struct Subject: ParsableArguments {
        @OptionGroup
        var place: Place

        @Argument(help: "The user's login.")
        var login: String
    }

    /// `eventfeed user add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a user.",
            discussion: """
                A user's roles are the login and the groups; $admins may do everything.

                Examples:
                  eventfeed user add store.db ann --admin
                  eventfeed user add store.db bob --group staff --full-name 'Bob Hall'
                  eventfeed user add store.db bot --group staff < password.txt
                """
        )

        @OptionGroup
        var subject: Subject

        @Option(help: ArgumentHelp("A group; may be given more than once.", valueName: "name"))
        var group: [String] = []

        @Flag(help: "Put the user into $admins, who may do everything.")
        var admin = false

        @Option(help: ArgumentHelp("The name for people.", valueName: "name"))
        var fullName = ""

        @OptionGroup
        var password: NewPassword

        func run() async throws {
            var groups = group
            if admin, !groups.contains(Role.admins) { groups.insert(Role.admins, at: 0) }
            let user = try NewUser(login: subject.login, fullName: fullName, groups: groups)
            try await UserAccess.with(subject.place) { access in
                if try await access.users().isEmpty, !groups.contains(Role.admins) {
                    throw UserRefusal.firstMustBeAdmin(user.login)
                }
                try await access.create(user, password: password.read())
            }
            try StandardStream.output.writeLine("added \(TerminalText.escaped(user.login))")
        }
    }

    /// `eventfeed user passwd`.
    struct Passwd: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passwd",
            abstract: "Give a user another password.",
            discussion: """
                The old one is refused from the next request on.

                Examples:
                  eventfeed user passwd store.db ann
                  eventfeed user passwd http://127.0.0.1:2113 ann --new-password-file new.txt
                """
        )

        @OptionGroup
        var subject: Subject

        @OptionGroup
        var password: NewPassword

        func run() async throws {
            try await UserAccess.with(subject.place) { access in
                guard try await access.users().contains(where: { $0.login == subject.login }) else {
                    throw UserRefusal.unknown(subject.login)
                }
                try await access.setPassword(subject.login, password.read())
            }
            try told("changed the password of", subject.login)
        }
    }

    /// `eventfeed user disable`.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Refuse a user from now on, whatever the password.",
            discussion: """
                Examples:
                  eventfeed user disable store.db bob
                """
        )

        @OptionGroup
        var subject: Subject

        func run() async throws {
            try await UserAccess.with(subject.place) { access in
                try await access.setDisabled(subject.login, true)
            }
            try told("disabled", subject.login)
        }
    }

    /// `eventfeed user enable`.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Take back that a user is disabled.",
            discussion: """
                Examples:
                  eventfeed user enable store.db bob
                """
        )

        @OptionGroup
        var subject: Subject

        func run() async throws {
            try await UserAccess.with(subject.place) { access in
                try await access.setDisabled(subject.login, false)
            }
            try told("enabled", subject.login)
        }
    }

    /// `eventfeed user delete`.
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Remove a user.",
            discussion: """
                The last enabled user in $admins stays.

                Examples:
                  eventfeed user delete store.db bob
                """
        )

        @OptionGroup
        var subject: Subject

        func run() async throws {
            try await UserAccess.with(subject.place) { access in
                try await access.delete(subject.login)
            }
            try told("deleted", subject.login)
        }
    }

    /// `eventfeed user list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the users, one a line: login, groups, full name.",
            discussion: """
                Examples:
                  eventfeed user list store.db
                  eventfeed user list http://127.0.0.1:2113
                """
        )

        @OptionGroup
        var place: Place

        func run() async throws {
            try await UserAccess.with(place) { access in
                let users = try await access.users()
                for user in users {
                    var parts = [user.login, user.groups.joined(separator: ","), user.fullName]
                    if user.isDisabled { parts.append("disabled") }
                    let shown = parts.filter { !$0.isEmpty }.map(TerminalText.escaped)
                    try StandardStream.output.writeLine(shown.joined(separator: "  "))
                }
                if users.isEmpty {
                    try StandardStream.output.writeLine(
                        "there are no users: everybody may do everything"
                    )
                }
            }
        }
    }
}

/// Says what was done.
private func told(_ done: String, _ login: String) throws {
    try StandardStream.output.writeLine("\(done) \(TerminalText.escaped(login))")
}

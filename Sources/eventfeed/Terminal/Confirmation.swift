/// A question that has to be answered with yes before something is done that cannot be undone.
enum Confirmation {
    /// Asks on a terminal; elsewhere the answer must have been given on the command line.
    ///
    /// - Parameters:
    ///   - warning: What will happen, as a sentence.
    ///   - isGiven: Whether `--yes` was given.
    /// - Throws: ``CommandError`` (`usage`) where the answer is not yes.
    static func ask(_ warning: String, isGiven: Bool) throws(CommandError) {
        guard !isGiven else { return }
        guard StandardStream.input.isTerminal else {
            throw CommandError(.usage, "nothing was changed: \(warning) Say --yes if you mean it")
        }
        StandardStream.error.tell("\(warning) Type yes:")
        guard readLine() == "yes" else { throw CommandError(.usage, "nothing was changed") }
    }
}

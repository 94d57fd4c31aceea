extension String {
    /// The text as a name in SQL: in double quotes, with those inside it doubled.
    var quotedName: String { "\"\(replacing("\"", with: "\"\""))\"" }
}

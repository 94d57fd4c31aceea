/// A table of both files: what differs in its columns, and how its rows can be compared.
struct TableShape {
    let old: ComparedTable
    let new: ComparedTable
    /// What differs before any row is looked at.
    let differences: [ComparisonFinding]
    /// How rows are read; nil where there is no column in common.
    let plan: RowPlan?

    init(_ old: ComparedTable, _ new: ComparedTable) {
        self.old = old
        self.new = new
        let table = old.name
        let others = Dictionary(uniqueKeysWithValues: new.columns.map { ($0.id, $0) })
        let known = Set(old.columns.map(\.id))
        var differences: [ComparisonFinding] = []
        for column in old.columns {
            guard let other = others[column.id] else {
                differences.append(
                    .columnOnly(in: .old, table: table, column: column.name, type: column.type)
                )
                continue
            }
            if column.type.lowercased() != other.type.lowercased() {
                differences.append(
                    .columnType(
                        table: table,
                        column: column.name,
                        old: column.type,
                        new: other.type
                    )
                )
            }
        }
        for column in new.columns where !known.contains(column.id) {
            differences.append(
                .columnOnly(in: .new, table: table, column: column.name, type: column.type)
            )
        }
        let hasSameKey =
            old.keyNames.map { $0.lowercased() } == new.keyNames.map { $0.lowercased() }
        if !hasSameKey {
            differences.append(
                .primaryKey(table: table, old: old.keyNames, new: new.keyNames)
            )
        }
        self.differences = differences
        let common = old.columns.filter { others[$0.id] != nil }
        plan = Self.plan(common, old, new, hasSameKey: hasSameKey)
    }

    private static func plan(
        _ common: [ComparedTable.Column],
        _ old: ComparedTable,
        _ new: ComparedTable,
        hasSameKey: Bool
    ) -> RowPlan? {
        guard !common.isEmpty else { return nil }
        if old.isVirtual, new.isVirtual {
            return RowPlan(columns: ["rowid"] + common.map(\.name), keyCount: 1, ordersByAll: false)
        }
        let key = hasSameKey ? old.key : []
        let keyNames = Set(key.map(\.id))
        return RowPlan(
            columns: key.map(\.name) + common.filter { !keyNames.contains($0.id) }.map(\.name),
            keyCount: key.count,
            ordersByAll: !hasSameKey || old.mayLackKey || new.mayLackKey
        )
    }
}

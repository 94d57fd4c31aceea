import Configuration
import Foundation
import SystemPackage

/// The values of `serve` from all their sources: command line over environment over file.
///
/// A value that cannot be read and a name that nobody reads are errors: a typing mistake must not
/// start a server with other settings than its owner believes.
struct ServeConfiguration {
    /// Names the file where the command line does not.
    static let fileVariable = "EVENTFEED_SERVE_CONFIG"

    private let reader: ConfigReader
    /// What stands on the command line, where a mistake is one of usage.
    private let given: Set<ServeKey>

    /// Brings the sources together.
    ///
    /// - Parameters:
    ///   - given: The values of the command line.
    ///   - environment: All variables of the process.
    ///   - file: The path of a JSON file, if the command line names one.
    /// - Throws: ``CommandError`` (`configuration`, `noInput`).
    init(given: [ServeKey: ConfigContent], environment: [String: String], file: String?)
        async throws
    {
        let commandLine = given.map { key, content in
            (Self.absolute(key), ConfigValue(content, isSecret: false))
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "command line",
                values: Dictionary(uniqueKeysWithValues: commandLine)
            ),
            EnvironmentVariablesProvider(environmentVariables: environment)
                .prefixKeys(with: "eventfeed"),
        ]
        try Self.checkNames(in: environment)
        if let file = file ?? environment[Self.fileVariable] {
            try Self.checkNames(inFile: file)
            do {
                providers.append(
                    try await FileProvider<JSONSnapshot>(filePath: FilePath(file))
                )
            } catch {
                throw CommandError(.configuration, "\(file): \(error)")
            }
        }
        reader = ConfigReader(providers: providers)
        self.given = Set(given.keys)
    }

    /// A value that cannot be used: wrong usage on the command line, which counts most, and an
    /// invalid configuration anywhere else.
    func invalid(_ key: ServeKey, _ message: String) -> CommandError {
        CommandError(given.contains(key) ? .usage : .configuration, message)
    }

    /// A text, or nil where no source has one.
    func text(_ key: ServeKey) async throws -> String? {
        try await value(key) { try await reader.fetchString(forKey: $0) }
    }

    /// A list of texts, which in the environment stand between commas; nil where no source has one.
    func texts(_ key: ServeKey) async throws -> [String]? {
        try await value(key) { try await reader.fetchStringArray(forKey: $0) }
    }

    /// True or false, or nil where no source says so.
    func flag(_ key: ServeKey) async throws -> Bool? {
        try await value(key) { try await reader.fetchBool(forKey: $0) }
    }

    /// A whole number, or nil where no source has one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - range: What is allowed.
    /// - Returns: The number.
    /// - Throws: ``CommandError`` where it is no number or out of range.
    func number(_ key: ServeKey, in range: ClosedRange<Int>) async throws -> Int? {
        let number = try await value(key) { try await reader.fetchInt(forKey: $0) }
        guard let number else { return nil }
        guard range.contains(number) else {
            throw invalid(
                key,
                "\(key.rawValue) is \(number): choose \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// A duration such as `10s`, or nil where no source has one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - range: What is allowed.
    ///   - words: The range in words, such as `1s to 24h`.
    /// - Returns: The duration.
    /// - Throws: ``CommandError`` where it is no duration or out of range.
    func duration(_ key: ServeKey, in range: ClosedRange<Duration>, _ words: String) async throws
        -> Duration?
    {
        guard let text = try await text(key) else { return nil }
        guard let duration = DurationArgument.parse(text) else {
            throw invalid(
                key,
                "\(key.rawValue) is \"\(text)\": write a duration such as 500ms, 10s or 2m, "
                    + words
            )
        }
        guard range.contains(duration) else {
            throw invalid(key, "\(key.rawValue) is \(text): choose \(words)")
        }
        return duration
    }

    private func value<Value>(
        _ key: ServeKey,
        _ fetch: (ConfigKey) async throws -> Value?
    ) async throws -> Value? {
        do {
            return try await fetch(ConfigKey(["serve", key.rawValue]))
        } catch {
            throw invalid(
                key,
                "the value of serve.\(key.rawValue) (or \(key.variable)) cannot be read: \(error)"
            )
        }
    }

    private static func absolute(_ key: ServeKey) -> AbsoluteConfigKey {
        AbsoluteConfigKey(["serve", key.rawValue])
    }

    private static func checkNames(in environment: [String: String]) throws {
        let known = Set(ServeKey.allCases.map(\.variable) + [fileVariable])
        let unknown = environment.keys.filter {
            $0.hasPrefix("EVENTFEED_SERVE_") && !known.contains($0)
        }
        guard let name = unknown.min() else { return }
        throw CommandError(
            .configuration,
            "the environment has \(name), which is no option of serve (see eventfeed serve --help)"
        )
    }

    /// What a file may hold: one object `serve`.
    private struct Shape: Decodable {
        struct AnyKey: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        struct Section: Decodable {
            let names: [String]

            init(from decoder: any Decoder) throws {
                names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
            }
        }

        let names: [String]
        let serve: Section?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: AnyKey.self)
            names = container.allKeys.map(\.stringValue)
            let key = container.allKeys.first { $0.stringValue == "serve" }
            serve = try key.map { try container.decode(Section.self, forKey: $0) }
        }
    }

    private static func checkNames(inFile path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CommandError(.noInput, "the configuration file \(path) cannot be read")
        }
        let shape: Shape
        do {
            shape = try JSONDecoder().decode(Shape.self, from: bytes)
        } catch {
            throw CommandError(
                .configuration,
                "\(path) is no JSON object: write {\"serve\": {\"page-size\": 200}}"
            )
        }
        let known = Set(ServeKey.allCases.map(\.rawValue))
        let unknown =
            shape.names.filter { $0 != "serve" }
            + (shape.serve?.names ?? []).filter { !known.contains($0) }.map { "serve.\($0)" }
        guard let name = unknown.min() else { return }
        throw CommandError(
            .configuration,
            "\(path) has \(name), which is no option of serve (see eventfeed serve --help)"
        )
    }
}

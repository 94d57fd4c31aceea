import Foundation

/// A request to the Event Store product and the answer that it gave.
struct CapturedCase: Sendable {
    /// The number in the script of requests, which is also the order.
    let number: Int
    /// Number and name.
    let name: String
    /// What was sent.
    let request: PlainRequest
    /// What came back.
    let answer: PlainAnswer
}

/// The captures that are in scope, in the order of the script.
struct CapturedCases: Sendable {
    /// A captured case that should be there is not.
    struct Missing: Error {
        let number: Int
    }

    /// The folder with the captures, which are no part of this repository; nil where none is named.
    static let folder: String? = ProcessInfo.processInfo.environment["EVENTFEED_CAPTURES"]

    /// Scheme, host and port of the server that was captured.
    static let origin = "http://127.0.0.1:42113"

    /// What the product calls a body of bytes: no JSON, no XML and no UTF-8.
    private static let binary: [UInt8] = [0, 1, 0xFE, 0xFF] + Array("binary".utf8)

    /// Cases of parts of the product that are not offered here.
    private static let outOfScope = ["-ps-", "-gossip"]

    /// The cases by number.
    let all: [CapturedCase]

    /// Reads a folder of `NNN-name.req` and `NNN-name.http`.
    init(folder: String) throws {
        let directory = URL(filePath: folder, directoryHint: .isDirectory)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".req") }
            .map { String($0.dropLast(4)) }
            .filter { name in !Self.outOfScope.contains { name.contains($0) } }
            .sorted()
        all = try names.map { name in
            let command = try Data(contentsOf: directory.appending(path: name + ".req"))
            let answer = try Data(contentsOf: directory.appending(path: name + ".http"))
            guard let number = Int(name.prefix(3)) else { throw CurlCommand.Unknown(word: name) }
            return CapturedCase(
                number: number,
                name: name,
                request: try CurlCommand.request(
                    String(decoding: command, as: UTF8.self),
                    file: Self.binary
                ),
                answer: try PlainAnswer(Array(answer))
            )
        }
    }

    /// The case with a number.
    subscript(number: Int) -> CapturedCase {
        get throws(Missing) {
            guard let found = all.first(where: { $0.number == number }) else {
                throw Missing(number: number)
            }
            return found
        }
    }
}

import EventModel

/// The addresses that documents and headers name, all of them absolute.
struct WireAddresses: Hashable, Sendable {
    /// Scheme, host, port and prefix, such as `http://127.0.0.1:2113`, without `/` at the end.
    let base: String

    /// The address of a stream.
    func stream(_ name: String) -> String {
        text { $0.appendStream(name) }
    }

    /// The address of one event.
    func event(_ name: String, _ number: Int64) -> String {
        text {
            $0.appendStream(name)
            $0.append(UInt8(ascii: "/"))
            $0.add(number)
        }
    }

    /// The address of a stream's metadata.
    func metadata(of name: String) -> String {
        text {
            $0.appendStream(name)
            $0.add("/metadata")
        }
    }

    /// The address of a page that goes from older events to newer ones.
    ///
    /// - Parameters:
    ///   - name: The stream's name.
    ///   - from: The number or place where the page begins.
    ///   - count: How many events it has at the most.
    /// - Returns: The address.
    func page(_ name: String, from: String, forward count: Int64) -> String {
        page(name, from, "/forward/", count)
    }

    /// The address of a page that goes from newer events to older ones.
    ///
    /// - Parameters:
    ///   - name: The stream's name.
    ///   - from: The number or place where the page begins, or `head`.
    ///   - count: How many events it has at the most.
    /// - Returns: The address.
    func page(_ name: String, from: String, backward count: Int64) -> String {
        page(name, from, "/backward/", count)
    }

    private func page(
        _ name: String,
        _ from: String,
        _ direction: StaticString,
        _ count: Int64
    ) -> String {
        text {
            $0.appendStream(name)
            $0.append(UInt8(ascii: "/"))
            $0.add(from)
            $0.add(direction)
            $0.add(count)
        }
    }

    private func text(_ path: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128)
        bytes.add(base)
        path(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A stream's address without scheme and host.
    static func path(of name: String) -> String {
        var bytes: [UInt8] = []
        bytes.appendStream(name)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends `/streams/` and an escaped name.
    fileprivate mutating func appendStream(_ name: String) {
        add("/streams/")
        addEscaped(name)
    }

    /// Appends a name as data of an address.
    mutating func addEscaped(_ name: String) {
        append(contentsOf: PercentEncoding.bytes(name.utf8))
    }
}

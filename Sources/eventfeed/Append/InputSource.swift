import FoundationEssentials
import SystemPackage

/// What a command reads: a file, the standard input, or the argument itself.
enum InputSource {
    /// Opens a file by its name, `-` being the standard input.
    ///
    /// - Returns: The file, and its size where it is a regular file.
    /// - Throws: ``CommandError`` (`noInput`).
    static func open(_ name: String) throws -> (FileDescriptor, size: Int64?) {
        if name == "-" { return (.standardInput, nil) }
        do {
            let file = try FileDescriptor.open(FilePath(name), .readOnly)
            // A pipe has no size: then there is no bar, only a count.
            let size = try? FileManager.default.attributesOfItem(atPath: name)[.size] as? Int64
            return (file, size.flatMap { $0 > 0 ? $0 : nil })
        } catch {
            throw CommandError(.noInput, "\(name) cannot be opened: \(error)")
        }
    }

    /// The bytes that an argument stands for: `@FILE`, `-`, or the text itself.
    ///
    /// - Parameters:
    ///   - argument: The argument.
    ///   - limit: Bytes at the most.
    /// - Returns: The bytes.
    /// - Throws: ``CommandError``.
    static func bytes(_ argument: String, limit: Int) throws -> [UInt8] {
        guard argument == "-" || argument.hasPrefix("@") else { return Array(argument.utf8) }
        let (file, _) = try open(argument == "-" ? "-" : String(argument.dropFirst()))
        var bytes: [UInt8] = []
        do {
            while true {
                let piece = try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                guard !piece.isEmpty else { return bytes }
                bytes += piece
                guard bytes.count <= limit else { break }
            }
        } catch {
            throw CommandError(.io, "\(argument) cannot be read: \(error)")
        }
        throw CommandError(.dataError, "\(argument) has more than \(limit) bytes")
    }
}

import Foundation

/// The same document, written otherwise.
func rewritten(_ body: [UInt8], _ change: String) -> [UInt8] {
    let text = String(decoding: body, as: UTF8.self)
    let first = text.range(of: "  <entry>")?.lowerBound ?? text.endIndex
    let entries = text[first...].split(separator: "  <entry>\n").map { "  <entry>\n\($0)" }
    switch change {
    case "repeated":
        return Array(text.replacing("</feed>", with: (entries.first ?? "") + "</feed>").utf8)
    case "reversed":
        let cut = entries.map { $0.replacing("</feed>\n", with: "") }
        return Array((text[..<first] + cut.reversed().joined() + "</feed>\n").utf8)
    case "UTF-16":
        let declared = text.replacing("encoding=\"utf-8\"", with: "encoding=\"UTF-16\"")
        return [0xFE, 0xFF] + declared.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case "ISO-8859-1":
        return Array(text.replacing("utf-8", with: "ISO-8859-1").utf8)
    case "CDATA":
        return Array(text.replacing("{\"n\":3}", with: "<![CDATA[{\"n\":]]>3}").utf8)
    case "comments":
        return Array(text.replacing("{\"n\":3}", with: "{\"n\"<!-- a --><?b c?>:3}").utf8)
    case "xml:base":
        return Array(text.replacing("<feed ", with: "<feed xml:base=\"http://x.example/\" ").utf8)
    default:
        return Array(
            text.replacing("xmlns:ef=", with: "xmlns:q=").replacing("<ef:", with: "<q:")
                .replacing("</ef:", with: "</q:").replacing(" ef:", with: " q:").utf8
        )
    }
}

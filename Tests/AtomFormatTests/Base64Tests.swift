import AtomFormat
import Testing

@Suite struct `Encoding bytes in Base64` {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `gives what RFC 4648 says`(_ text: String, _ encoded: String) {
        #expect(
            String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded
        )
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func `skips white space anywhere`() {
        #expect(Base64.decode(" Z\tg\r\n=\n= ") == Array("f".utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Z-==", "====", "Zm9v=", "Zm9vé",
        "=",
        "\u{0}", "Zm8=x",
    ])
    func `refuses what is none`(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `brings back all bytes`() {
        for length in 0..<300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let encoded = String(decoding: Base64.encode(bytes), as: UTF8.self)
            #expect(encoded.utf8.count == (length + 2) / 3 * 4)
            #expect(Base64.decode(encoded) == bytes)
        }
    }
}

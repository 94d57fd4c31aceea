import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `JSON that is laid out` {
    private static func indented(_ json: String, indent: Int = 0) -> String? {
        let bytes = Array(json.utf8)
        return JSONIndent.value(in: bytes).map { value in
            var result: [UInt8] = []
            JSONIndent.append(bytes, value, indent: indent, to: &result)
            return Sample.text(result)
        }
    }

    @Test(arguments: [
        ("{}", "{}"), (" { } ", "{}"), ("[\n]", "[]"), ("1e5", "1e5"), ("-0.0", "-0.0"),
        ("1.0", "1.0"), ("12345678901234567890123", "12345678901234567890123"),
        (#""\u00e9\/\ud800é""#, #""\u00e9\/\ud800é""#), ("true", "true"), ("null", "null"),
        (#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}"),
        (
            "{\"b\"\n:\t[ 1 ,{}, [] ,\"],\\\"}\"] }",
            "{\n  \"b\": [\n    1,\n    {},\n    [],\n    \"],\\\"}\"\n  ]\n}"
        ),
        ("[[[]]]", "[\n  [\n    []\n  ]\n]"), ("[{\"a\":{}}]", "[\n  {\n    \"a\": {}\n  }\n]"),
        (#"{"":"\\"}"#, "{\n  \"\": \"\\\\\"\n}"),
    ])
    func `keeps every token as it was written`(json: String, expected: String) {
        #expect(Self.indented(json) == expected)
        #expect(Self.indented(expected) == expected)
    }

    @Test func `begins its lines at a given indent`() {
        #expect(
            Self.indented(#"{"a":[1]}"#, indent: 4)
                == "{\n      \"a\": [\n        1\n      ]\n    }"
        )
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1 2", "nul", "\u{FEFF}{}",
        "\"\u{1}\"", "// x\n1", "NaN", "[1]]",
    ])
    func `is none where a text is not exactly one value`(text: String) {
        #expect(JSONIndent.value(in: Array(text.utf8)) == nil)
    }

    @Test func `is none where it is nested too deep or cut anywhere`() {
        let depth = Limits.jsonDepth
        let deepest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(JSONIndent.value(in: Array(deepest.utf8)) != nil)
        #expect(JSONIndent.value(in: Array("[\(deepest)]".utf8)) == nil)
        #expect(JSONIndent.value(in: [UInt8](repeating: 0x5B, count: 1_000_000)) == nil)

        let whole = Array(#"{"a":[1.5e3,"\u00e9é",true,null,{"b":{}}]}"#.utf8)
        for count in 0..<whole.count {
            #expect(JSONIndent.value(in: Array(whole.prefix(count))) == nil)
        }
    }

    @Test func `stays as it is where indenting would make much of little`() {
        let open = String(repeating: "[", count: 100)
        let close = String(repeating: "]", count: 100)
        let numbers = String(repeating: "1,", count: 100_000) + "1"
        let json = open + numbers + close

        #expect(Self.indented(json) == json)
        // One level is what honest documents have.
        #expect(Self.indented("[\(numbers)]")?.utf8.count == 5 * 100_001 + 2)
    }

    @Test func `is known by its first character where only objects count`() {
        #expect(JSONIndent.object(in: Array(" {\"a\":1}".utf8)) == 1..<8)
        #expect(JSONIndent.object(in: Array("[1]".utf8)) == nil)
        #expect(JSONIndent.container(in: Array("[1]".utf8)) == 0..<3)
        #expect(JSONIndent.container(in: Array("1".utf8)) == nil)
        #expect(JSONIndent.container(in: []) == nil)
    }

    @Test(arguments: [
        (#"\u0041\n\"\\\/"#, "A\n\"\\/"), (#"\ud83d\ude00"#, "\u{1F600}"),
        (#"a\ud800b"#, "a\u{FFFD}b"), (#"\ude00\t"#, "\u{FFFD}\t"),
        (#"\ud800\ud83d\ude00"#, "\u{FFFD}\u{1F600}"), (#"\ud800\u0041é"#, "\u{FFFD}Aé"),
        (#"\ud800"#, "\u{FFFD}"), (#"\ud800\b\f\r\u00e9"#, "\u{FFFD}\u{8}\u{C}\r\u{E9}"),
    ])
    func `has characters for every escape, also for half a pair`(
        string: String,
        expected: String
    ) throws {
        let bytes = Array("\"\(string)\"".utf8)
        var reader = JSONReader(bytes)
        let decoded = JSONText.decode(try reader.string(), in: bytes)

        #expect(decoded == Array(expected.utf8))
    }
}

@Suite struct `A name of JSON in XML` {
    @Test(arguments: [
        ("a", "a"), ("$maxCount", "_x0024_maxCount"), ("k<", "k_x003C_"), ("a b", "a_x0020_b"),
        ("1a", "_x0031_a"), ("a1.-_", "a1.-_"), ("-a", "_x002D_a"), ("@x", "_x0040_x"),
        ("a:b", "a_x003A_b"), ("_x0024_", "_x005F_x0024_"), ("_x00", "_x00"),
        ("_X0024_a", "_x005F_X0024_a"), ("é", "é"), ("día", "día"), ("e\u{301}", "e_x0301_"),
        ("привет", "привет"), ("中", "中"), ("\u{1F600}", "_x0001F600_"), ("\u{0}", "_x0000_"),
        ("\u{FFFF}", "_xFFFF_"), ("a\u{D7}", "a_x00D7_"), ("?xml", "_x003F_xml"),
        ("!DOCTYPE", "_x0021_DOCTYPE"),
    ])
    func `is encoded as .NET does, and decoded again`(name: String, encoded: String) {
        #expect(XMLNames.encode(Array(name.utf8)) == Array(encoded.utf8))
        #expect(XMLNames.decode(Array(encoded.utf8)) == Array(name.utf8))
    }

    @Test(arguments: [
        ("_xD800_", "_xD800_"), ("_x0041_", "A"), ("_x00000041_", "A"),
        ("_xFFFFFFFF_", "_xFFFFFFFF_"),
        ("_x41_", "_x41_"), ("_", "_"), ("_x", "_x"), ("_x0041", "_x0041"), ("a__x0041_", "a_A"),
    ])
    func `is decoded where there is something to decode`(name: String, expected: String) {
        #expect(XMLNames.decode(Array(name.utf8)) == Array(expected.utf8))
    }

    @Test func `is an underscore where there is none`() {
        #expect(XMLNames.encode([]) == Array("_".utf8))
    }
}

@Suite struct `JSON as XML` {
    private static func xml(_ json: String) -> String {
        let event = Sample.event(data: json)
        return Sample.document(WireEntry(event), .xml)
    }

    @Test(arguments: [
        (#"{}"#, "<data />"),
        (
            #"{"a":1,"b":"x","c":true,"d":null,"e":""}"#,
            "<data><a>1</a><b>x</b><c>true</c><d /><e /></data>"
        ),
        (
            #"{"f":1.0,"e":1e5,"big":12345678901234567890}"#,
            "<data><f>1.0</f><e>1e5</e><big>12345678901234567890</big></data>"
        ),
        (
            #"{"d":"1987-11-07T00:00:00.000+01:00"}"#,
            "<data><d>1987-11-07T00:00:00.000+01:00</d></data>"
        ),
        (
            #"{"a":[1,2],"b":[],"c":[[1],[2,3]]}"#,
            "<data><a>1</a><a>2</a><c><c>1</c></c><c><c>2</c><c>3</c></c></data>"
        ),
        (
            #"{"$maxCount":5,"k<":"<&>"}"#,
            "<data><_x0024_maxCount>5</_x0024_maxCount><k_x003C_>&lt;&amp;&gt;</k_x003C_></data>"
        ),
        (
            ##"{"a":{"@x":1,"@y":"\"<","#text":"t"}}"##,
            #"<data><a x="1" y="&quot;&lt;">t</a></data>"#
        ),
        (#"{"a":{"@x":null,"@b":true}}"#, #"<data><a x="" b="true" /></data>"#),
        (#"{"@x":"1"}"#, #"<data x="1" />"#),
        (#"{"a":{"b":1,"@x":2}}"#, "<data><a><b>1</b><_x0040_x>2</_x0040_x></a></data>"),
        (
            #"{"a":{"@x":1,"@x":2}}"#,
            #"<data><a x="1"><_x0040_x>2</_x0040_x></a></data>"#
        ),
        (
            #"{"@xmlns":"u","@xmlns:p":"u","@":1}"#,
            "<data><_x0040_xmlns>u</_x0040_xmlns><_x0040_xmlns_x003A_p>u</_x0040_xmlns_x003A_p>"
                + "<_x0040_>1</_x0040_></data>"
        ),
        (#"{"a":{"@x":[1]}}"#, "<data><a><_x0040_x>1</_x0040_x></a></data>"),
        (##"{"#text":{"a":1}}"##, "<data><_x0023_text><a>1</a></_x0023_text></data>"),
        (#"{"":1}"#, "<data><_>1</_></data>"),
        (
            #"{"$type":"t","$id":"7"}"#,
            "<data><_x0024_type>t</_x0024_type><_x0024_id>7</_x0024_id></data>"
        ),
        (
            #"{"s":"\u0000\ud800\uffff\r\n"}"#,
            "<data><s>\u{FFFD}\u{FFFD}\u{FFFD}&#xD;\n</s></data>"
        ),
    ])
    func `has an element for each member`(json: String, expected: String) {
        #expect(Self.xml(json) == expected)
    }

    @Test func `is bounded in depth, attributes and growth`() throws {
        let depth = Limits.jsonDepth
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(Self.xml(deep).hasPrefix("<data><data><data>"))
        #expect(Self.xml("[\(deep)]") == "<data>[\(deep)]</data>")

        let attributes = (0..<100).map { "\"@a\($0)\":1" }.joined(separator: ",")
        #expect(Self.xml("{\(attributes)}").contains(#" a63="1"><_x0040_a64>1</_x0040_a64>"#))

        let name = String(repeating: "n", count: 10_000)
        let many = "{\"\(name)\":[\(String(repeating: "1,", count: 10_000))1]}"
        #expect(Self.xml(many) == "<data>\(many.replacing(">", with: "&gt;"))</data>")
    }

    /// XML in the form that the conversion gives, and the JSON that both ways give for it.
    @Test(arguments: [
        ##"{"a":"1","b":{"c":["x","y"],"d":{"@e":"f","#text":"g"}},"h":null}"##,
        #"{"$maxCount":"5","k<":"<&>\" ]]> é"}"#,
        #"{"@x":"1","y":[null,{"@z":"\t\n"},"t"]}"#,
        #"{"_x0041_":"1","1":"2","привет":"мир","\u{1F600}":"é"}"#,
        #"{"a":{"a":{"a":["1","2"]}},"b":"line\nline"}"#,
    ])
    func `becomes the same JSON again where its leaves are strings`(json: String) throws {
        let json = json.replacing(#"\u{1F600}"#, with: "\u{1F600}")
        let data = Self.xml(json)

        let events = try WriteBody.events(
            xml: Array("<events><event>\(data)</event></events>".utf8)
        )

        let bytes = Array(json.utf8)
        var expected: [UInt8] = []
        JSONIndent.append(bytes, 0..<bytes.count, indent: 0, to: &expected)
        #expect(Sample.text(events[0].data) == Sample.text(expected))
        #expect(events[0].isDataJSON)
    }
}

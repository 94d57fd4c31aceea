import AtomFormat
import Testing

@Suite struct `Resolving references` {
    @Test(arguments: [
        // RFC 3986 § 5.4.1
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"),
        ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../", "http://a/"), ("../../g", "http://a/g"),
        // RFC 3986 § 5.4.2
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
        ("http:g", "http:g"),
    ])
    func `gives what RFC 3986 says`(_ reference: String, _ target: String) {
        let base = URIReference("http://a/b/c/d;p?q")

        #expect(URIReference(reference).resolved(against: base).description == target)
    }

    @Test(arguments: [
        ("g", "b/c", "b/g"), ("../g", "b/c", "g"), ("../../g", "b/c", "../g"),
        ("../../../g", "b/c", "../../g"), ("..", "b/c", "./"), (".", "c", "./"),
        ("?y", "c?x", "c?y"),
        ("", "c?x", "c?x"), ("/g", "b/c", "/g"), ("g", "../b/", "../b/g"),
        ("../g", "../b/", "../g"),
        ("../../g", "../b/", "../../g"), ("g", "", "g"), ("../feed.atom", "", "../feed.atom"),
        ("g", "//h", "//h/g"), ("../g", "/b/c", "/g"), ("../../g", "/b/c", "/g"),
        ("x:g", "b", "x:g"),
        ("./a:g", "c", "./a:g"), ("é", "http://a/ü/", "http://a/ü/é"),
        ("g", "http://a", "http://a/g"),
        ("g", "http://a?q", "http://a/g"),
    ])
    func `goes on from relative bases`(_ reference: String, _ base: String, _ target: String) {
        #expect(URIReference.resolve(reference, against: URIReference(base)) == target)
    }

    @Test(arguments: [
        "http://a:80/b?c#d", "//a", "a/b:c", "1:2", "", "?", "#", "?#", "http://", "urn:uuid:1",
        "/",
        "mailto:a@b", "h ttp:x", "a?b?c#d#e", "é:x",
    ])
    func `keeps the text that it took apart`(_ text: String) {
        #expect(URIReference(text).description == text)
    }

    @Test func `tells apart what is absent and what is empty`() {
        #expect(URIReference("a").query == nil)
        #expect(URIReference("a?").query?.isEmpty == true)
        #expect(URIReference("a:b").scheme == "a")
        #expect(URIReference("1:2").scheme == nil)
        #expect(URIReference("file:///x").authority?.isEmpty == true)
        #expect(URIReference("//h/p").authority == "h")
    }
}

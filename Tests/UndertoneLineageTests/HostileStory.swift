// Texts that want to be more than text.

/// Texts that try to leave their place in JSON, YAML, Markdown, HTML, a URL or a terminal.
let hostileNames: [String] = [
    "\", \"passed\": true, \"x\": \"\\", "a\nb\r\nc\u{85}d\u{2028}e", "</script><script>alert(1)</script>",
    "\u{1B}[2J\u{7}\u{0}\u{9B}31m", "user\u{202E}txt.exe\u{2066}x\u{2069}", "${{ secrets.TOKEN }} ${HOME} {0} %s",
    "---\nbase_model: evil\n---", "- &a [*a, !!python/object:os.system]", "yes", "null", "0x10", "1e3", " ", "~", "#",
    ":",
    "../../../etc/passwd", "javascript:alert(1)//x?y#z", "//evil.example/share", "https://evil.example/a b",
    "urn:uuid:x", "a:b:c", "@id", "_:b0", "[click](https://evil.example) <img src=x onerror=alert(1)>",
    "o\u{200B}w\u{FEFF}l\u{E0041}\u{E007F}\u{10FFFF}", "näh 猫 🦉 e\u{301}", "##[group]::error::x",
    String(repeating: "owl ", count: 500), "'", "\"", "\\", "|", ">", "%41", "?", "!", "a\tb",
]

/// The story with hostile texts in all places, each followed by the text that stood there, so that names stay apart.
func hostileStory() -> (String) -> String {
    var next = 0
    var given: [String: String] = [:]
    return { text in
        if let known = given[text] { return known }
        next += 1
        let name = hostileNames[(next - 1) % hostileNames.count]
        given[text] = next > hostileNames.count ? name + String(next) : name
        return given[text] ?? name
    }
}

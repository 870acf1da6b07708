// Text that wants to be more than text, and a source of random text.

/// What an attacker puts into a drop, a path or a rule pack, each with the reason why it must not get through.
let hostileTexts: [(why: String, text: String)] = [
    ("clears the screen", "\u{1B}[2J\u{1B}[1;1HPASSED"),
    ("sets the window's title", "\u{1B}]0;owned\u{7}"),
    ("a control of the second block begins a sequence", "\u{9B}31mred"),
    ("an operating system command of the second block", "\u{9D}8;;http://evil.example\u{9C}click"),
    ("goes back over the line", "all fine\rFAILED\u{8}\u{8}"),
    ("begins a new line", "a\nb\u{85}c\u{2028}d\u{2029}e\u{B}f\u{C}g"),
    ("turns the text around", "user\u{202E}txt.exe\u{2066}x\u{2069}\u{200F}"),
    ("hides in the text", "o\u{200B}w\u{200D}l\u{2060}\u{FEFF}\u{AD}\u{34F}\u{115F}\u{3164}"),
    ("says things in tag characters", "ok\u{E0001}\u{E0068}\u{E0069}\u{E007F}"),
    ("looks like nothing", "\u{A0}\u{2003}\u{3000}\u{202F}"),
    ("is in no font, or no character at all", "\u{E000}\u{F8FF}\u{FFFE}\u{10FFFF}"),
    ("heaps marks upon the lines above", "Z" + String(repeating: "\u{300}", count: 200)),
    ("ends the element", "</failure></testcase><testcase name=\"x\"/>"),
    ("ends the attribute", "\" onload='x' a=\""),
    ("ends the section", "]]><!-- --><?xml?><!DOCTYPE x [<!ENTITY a \"b\">]>&a;&#0;"),
    ("is a workflow command", "::error file=a.py,line=1::stolen"),
    ("is a workflow command behind space", " \t ::add-mask::secret"),
    ("is a workflow command on a line of its own", "x\n::stop-commands::token\n"),
    ("is an old workflow command", "x ##[add-path]/tmp/evil"),
    ("is an old workflow command, hidden", "x #\u{200B}#[add-path]/tmp/evil"),
    ("is a command of Azure Pipelines", "##vso[task.setvariable variable=a]b ##VsO[task.x]"),
    ("breaks out of a property", "a.py,line=1,title=x::fake message%0A::error::y"),
    ("is escaped already", "%25%0A%3A%2C%E2 \\u{202E} \\n &amp; {{0}}"),
    ("ends the string", "\", \"passed\": true, \"x\": \"\\"),
    ("ends the script", "</script><script>alert(1)</script>"),
    ("is a link", "[click](https://evil.example) [a](1) ![i](https://evil.example/i.png)"),
    ("is Markdown", "# head\n> quote `code` **bold** <img src=x onerror=alert(1)> | a | b |"),
    ("is a placeholder", "{0} {1} {{2}} ${{ secrets.TOKEN }} %s %n"),
    ("leaves the folder", "../../../etc/passwd"),
    ("is a URI with a scheme", "javascript:alert(1)//x?y#z"),
    ("is a network path", "//evil.example/share"),
    ("is nothing", ""),
    ("is long", String(repeating: "owl ", count: 5_000)),
]

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers for the same seed, everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Text of all of Unicode, with what formats mind more often than its share.
func randomText(_ random: inout SplitMix, count: Int) -> String {
    let minded: [Unicode.Scalar] = Array(
        "\"\\/<>&'%:,#[](){}\n\r\t \u{0}\u{1B}\u{7F}\u{85}\u{2028}\u{202E}\u{200D}\u{FEFF}".unicodeScalars)
    var text = ""
    for _ in 0..<count {
        switch random.next() % 4 {
        case 0: text.unicodeScalars.append(minded[Int(random.next() % UInt64(minded.count))])
        case 1: text.unicodeScalars.append(Unicode.Scalar(UInt8(random.next() % 128)))
        case 2: text.unicodeScalars.append(Unicode.Scalar(UInt32(random.next() % 0x3000)) ?? "?")
        default: text.unicodeScalars.append(Unicode.Scalar(UInt32(random.next() % 0x110000)) ?? "?")
        }
    }
    return text
}

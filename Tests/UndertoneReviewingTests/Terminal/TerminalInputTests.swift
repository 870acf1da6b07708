import Testing

@testable import UndertoneReviewing

@Suite struct TerminalInputTests {
    private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

    private func keys(_ bytes: [UInt8]) -> [Key] {
        var rest = bytes[...]
        var keys: [Key] = []
        while let key = TerminalInput.key(&rest, isAll: true) { keys.append(key) }
        #expect(rest.isEmpty)
        return keys
    }

    @Test(
        "sequences of terminals are keys",
        arguments: [
            ("f", Key.character("f")), (" ", .character(" ")), ("é", .character("é")), ("漢", .character("漢")),
            ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right), ("\u{1B}[D", .left), ("\u{1B}[H", .home),
            ("\u{1B}[4~", .end), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab),
            ("\u{1B}[3~", .delete), ("\r", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{1B}", .escape),
            ("\u{3}", .control("c")), ("\u{1B}f", .unknown), ("\u{1B}[999;999R", .unknown),
            ("\u{1B}[200~rm\rfq\u{1B}[201~", .paste("rm\rfq")),
        ])
    func sequence(text: String, key: Key) { #expect(keys(text) == [key]) }

    @Test func `bytes that are no text are passed over`() {
        #expect(keys([0x80, 0xFF, 0x66]) == [.unknown, .unknown, .character("f")])
        #expect(keys([0xE2, 0x82]) == [.unknown])
        #expect(keys([0xED, 0xA0, 0x80]).allSatisfy { $0 == .unknown })
    }

    @Test func `half a sequence waits for the rest`() {
        for text in ["\u{1B}", "\u{1B}[", "\u{1B}[1;", "\u{1B}O", "\u{1B}[200~half a paste\u{1B}[20"] {
            var bytes = Array(text.utf8)[...]
            #expect(TerminalInput.key(&bytes, isAll: false) == nil)
            #expect(bytes.count == text.utf8.count)
        }
        // Nor does a paste that comes slowly become commands.
        var slow = Array("\u{1B}[200~frq".utf8)[...]
        #expect(TerminalInput.key(&slow, isAll: true) == nil && slow.count == 9)
        slow += Array("F\u{1B}[201~j".utf8)
        #expect(TerminalInput.key(&slow, isAll: true) == .paste("frqF"))
        #expect(TerminalInput.key(&slow, isAll: true) == .character("j"))
        var bytes: ArraySlice<UInt8> = [0xC3]
        #expect(TerminalInput.key(&bytes, isAll: false) == nil)
        bytes.append(0xA9)
        #expect(TerminalInput.key(&bytes, isAll: false) == .character("é"))
    }

    @Test func `any bytes come to an end`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let bytes = (0..<40).map { _ in
                [0x1B, 0x5B, 0x7E, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            #expect(keys(bytes).count <= bytes.count)
        }
    }

    @Test func `a line is edited`() {
        var editor = LineEditor("owls see")
        for key in [Key.control("w"), .character("f"), .left, .character("x"), .end, .backspace, .home, .delete] {
            editor.take(key)
        }
        #expect(editor.text == "wls x")
        editor.take(.paste("\u{1B}[2J\n"))
        #expect(editor.text == "\u{1B}[2J\nwls x")
        editor.take(.end)
        editor.take(.control("u"))
        #expect(editor.text.isEmpty)
    }
}

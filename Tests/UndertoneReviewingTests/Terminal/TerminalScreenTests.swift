import Testing
import UndertoneText

@testable import UndertoneReviewing

@Suite struct TerminalScreenTests {
    private func state(_ sheet: ReviewSheet = madeUpSheet(), keys: [Key] = []) -> TerminalState {
        var state = TerminalState(ReviewSession(sheet, record: MemoryRecord()))
        for key in keys { _ = state.take(key) }
        return state
    }

    private func sheet(_ text: String) -> ReviewSheet {
        var item = ReviewItem(.frequent, rank: 1, text: text, count: 1, share: 0.1)
        item.variants = [text]
        item.examples = [.init(line: 1, prompt: text, output: text)]
        var sheet = madeUpSheet()
        sheet.items = [item]
        sheet.drop.path = text
        sheet.reference?.path = text
        return sheet
    }

    @Test(
        "nothing of a text reaches the terminal as anything but letters", arguments: hostileTexts, [true, false])
    func hostile(text: String, unicode: Bool) {
        let states = [
            [], [Key.enter], [.character("m")], [.character("n"), .paste(text)],
            [.character("n"), .paste(text), .enter],
            [.character("m"), .enter], [.character("F"), .character("y"), .paste(text)],
        ].map { state(sheet(text), keys: $0) }
        for state in states {
            for color in [false, true] {
                let lines = TerminalScreen.lines(
                    state, width: 80, height: 24, style: .init(color: color, unicode: unicode))
                #expect(lines.count == 24)
                for var line in lines {
                    if color { line = withoutColors(line) }
                    for scalar in line.unicodeScalars {
                        #expect(
                            !scalar.isHidden && (unicode || scalar.isASCII),
                            "\(scalar.value) in \(line.debugDescription)")
                    }
                    #expect(displayWidth(line) <= 80)
                }
            }
        }
    }

    // Colours are the only sequences that are ours.
    private func withoutColors(_ line: String) -> String {
        ["1", "2", "1;31", "31", "1;32", "33", "36", "0"].reduce(line) { text, code in
            var rest = Array(text.unicodeScalars)[...]
            let sequence = Array("\u{1B}[\(code)m".unicodeScalars)
            var plain = String.UnicodeScalarView()
            while let first = rest.first {
                if rest.starts(with: sequence) {
                    rest = rest.dropFirst(sequence.count)
                } else {
                    plain.append(first)
                    rest = rest.dropFirst()
                }
            }
            return String(plain)
        }
    }

    @Test(
        "rows fit every size", arguments: [(80, 24), (200, 60), (40, 12), (20, 8), (10, 3), (1, 1)])
    func sizes(width: Int, height: Int) {
        let modes: [[Key]] = [
            [], [.enter], [.character("?")], [.character("m")], [.character("n")], [.character("F")],
            [.character("F"), .character("y")], [.character("F"), .character("y"), .enter],
        ]
        for keys in modes {
            for place in 0..<3 {
                let state = state(keys: Array(repeating: .character("j"), count: 3 * place) + keys)
                let lines = TerminalScreen.lines(state, width: width, height: height)
                #expect(lines.count == max(height, 3))
                for line in lines { #expect(displayWidth(line) <= max(width, 10), "\(line)") }
            }
        }
    }

    @Test func `an item is shown with its figures, variants, examples and keys`() {
        // Rows break at spaces.
        let text = TerminalScreen.lines(state(), width: 100, height: 30).joined(separator: " ")
        for part in [
            "Review of drops/numbers.jsonl against drops/control.jsonl", "0 of 21 decided", "[Frequent 0/3]",
            "Frequent, 1 of 3", "undecided", "The most frequent outputs, byte for byte.", "1,204 records, 12.04 %",
            "10 records, 0.10 % of the reference", "118 times its share of the reference", "493, 218, 771, 304",
            "line 1,328: Continue", "f fine", "space next undecided", "q quit",
        ] { #expect(text.contains(part), "\(part)") }
        let near = TerminalScreen.lines(state(keys: [.tab]), width: 100, height: 30).joined(separator: "\n")
        #expect(near.contains(#"  \tand nobody hears it."#) && near.contains("… 1 more variant"))
        let terms = TerminalScreen.lines(state(keys: [.tab, .tab]), width: 100, height: 30).joined(separator: "\n")
        #expect(terms.contains("z 14.2 of the log-odds"))
        let strange = TerminalScreen.lines(state(keys: [.tab, .tab, .tab]), width: 100, height: 30)
        #expect(strange.joined().contains("9.70 bits a character under the reference"))
    }

    @Test func `a long text is cut short, and scrolled in full`() {
        var sheet = madeUpSheet()
        sheet.items = [
            ReviewItem(
                .frequent, rank: 1, text: (1...500).map { "row \($0)" }.joined(separator: "\n"), count: 1, share: 0.5)
        ]
        var state = state(sheet)
        #expect(TerminalScreen.lines(state, width: 80, height: 24).contains("  … enter shows all"))
        _ = state.take(.enter)
        _ = state.take(.character("G"))
        state.bound(to: TerminalScreen.lastRow(state, width: 80, height: 24))
        #expect(TerminalScreen.lines(state, width: 80, height: 24).contains("row 500"))
        _ = state.take(.up)
        let lines = TerminalScreen.lines(state, width: 80, height: 24)
        #expect(!lines.contains("row 500") && lines.contains("row 499"))
        _ = state.take(.home)
        #expect(TerminalScreen.lines(state, width: 80, height: 24).contains("row 1"))
    }

    @Test func `a sheet without items says so`() {
        var sheet = madeUpSheet()
        sheet.items = []
        #expect(TerminalScreen.lines(state(sheet), width: 80, height: 24).joined().contains("Nothing to review"))
    }

    @Test(
        "rows break at spaces, and within words that are longer",
        arguments: [
            ("one two three", ["one two", "three"]), ("abcdefghijk", ["abcdefgh", "ijk"]), ("漢字漢字漢字", ["漢字漢字", "漢字"]),
            ("", [""]), ("a bcdefghijk", ["a bcdefg", "hijk"]),
        ])
    func wrapping(text: String, rows: [String]) { #expect(wrapped(text, 8) == rows) }
}

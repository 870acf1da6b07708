// A profile as one page: counts, and how lengths and numbers are spread.

import UndertoneReporting
import UndertoneText

extension DropProfile {
    private static let bins = 50
    private static let terms = 30

    /// Writes a page without script.
    ///
    /// - Parameters:
    ///   - name: what was read, for people.
    ///   - version: the program's.
    package func writeHTML(name: String, version: String, to output: inout some TextOutputStream) {
        let page = Page(title: "Profile", version: version, style: Page.figures)
        page.write(to: &output, origins: [(name: "drop", value: name)]) { output in
            output.write("<header class=\"box good\">\n<p class=\"question\">Undertone stats: what is in it?</p>\n")
            output.write("<h1>\(xmlEscaped(counted(records, "record")))</h1>\n<p class=\"summary\">")
            output.write("\(grouped(malformedRecords)) malformed, \(grouped(outputs.count)) outputs, ")
            output.write("\(areDuplicatesExact ? "" : "about ")\(grouped(duplicates)) copies of earlier ones</p>\n")
            output.write("</header>\n<main>\n<section>\n<h2>How long</h2>\n<figure>\n")
            write(characters, "characters of an output", to: &output)
            write(words, "words of an output", to: &output)
            write(prompts.bytes, "bytes of a prompt", to: &output)
            output.write("</figure>\n</section>\n")
            writeNumbers(to: &output)
            writeTerms(to: &output)
            output.write("</main>\n")
        }
    }

    private func writeNumbers(to output: inout some TextOutputStream) {
        guard numbers.total > 0 else { return }
        output.write("<section>\n<h2>Numbers</h2>\n<p>\(grouped(numbers.total)) numbers; ")
        output.write(
            "\(percent(numbers.repeats, of: numbers.total)) repeat an earlier one of their output.</p>\n<figure>\n")
        write(numbers.perOutput, "numbers of an output", to: &output)
        let width = NumberProfile.exactBelow / DropProfile.bins
        let values = (0..<DropProfile.bins).map { bin in
            (0..<width).reduce(0) { $0 + numbers.count(ofValue: bin * width + $1) }
        }
        histogram("values below 1000", values, 0, Double(NumberProfile.exactBelow)).write(to: &output)
        histogram("first digits", numbers.firstDigits, 0, 10).write(to: &output)
        histogram("last digits", numbers.lastDigits, 0, 10).write(to: &output)
        write(numbers.steps, "sizes of steps", to: &output)
        output.write("</figure>\n")
        table("Numbers", numbers.topNumbers(DropProfile.terms).map { ($0.text, $0.count) }, of: numbers.total)
            .write(folded: true, to: &output)
        table("What stands between numbers", numbers.separators, of: numbers.separators.total)
            .write(folded: true, to: &output)
        output.write("</section>\n")
    }

    private func writeTerms(to output: inout some TextOutputStream) {
        output.write("<section>\n<h2>What it consists of</h2>\n")
        let all = text.tokens.reduce(0, +)
        table("Tokens", TokenClass.allCases.map { ("\($0)", text.tokens(of: $0)) }, of: all).write(to: &output)
        let letters = Script.allCases.map { ("\($0)", text.letters(of: $0)) }.filter { $0.1 > 0 }
        table("Scripts of letters", letters, of: letters.reduce(0) { $0 + $1.1 }).write(to: &output)
        table("Words", text.words, of: text.words.total).write(folded: true, to: &output)
        table("Words behind each other", text.wordPairs, of: text.wordPairs.total).write(folded: true, to: &output)
        table("Names and types of members", shapes, of: records).write(folded: true, to: &output)
        table("Who speaks", turns, of: records).write(folded: true, to: &output)
        output.write("</section>\n")
    }

    private func table(_ caption: String, _ terms: TermCounts, of whole: Int) -> FigureTable {
        table(caption, terms.top(DropProfile.terms).map { ($0.text, $0.count) }, of: whole)
    }

    private func table(_ caption: String, _ rows: [(String, Int)], of whole: Int) -> FigureTable {
        FigureTable(
            caption, columns: [.init("", isFigure: false), .init("Count"), .init("Share")],
            rows: rows.map { [visible($0.0, limit: 100), grouped($0.1), percent($0.1, of: whole)] })
    }

    // All but the largest half percent, which would make the rest a line at the left.
    private func write(_ lengths: LogHistogram, _ title: String, to output: inout some TextOutputStream) {
        guard let high = lengths.quantile(0.995), high > 0 else { return }
        let width = max(1, (high + DropProfile.bins) / DropProfile.bins)
        var counts = [Int](repeating: 0, count: high / width + 1)
        var beyond = 0
        for (bin, count) in lengths.counts.enumerated() where count > 0 {
            let value = LogHistogram.lowerBound(of: bin)
            if value > high { beyond += count } else { counts[value / width] += count }
        }
        let rest = beyond > 0 ? ", \(grouped(beyond)) beyond" : ""
        histogram(title + rest, counts, 0, Double(counts.count * width)).write(to: &output)
    }

    private func histogram(_ title: String, _ counts: [Int], _ low: Double, _ high: Double) -> HistogramPlot {
        HistogramPlot(
            low: low, high: high, upper: .init(title, counts: counts), title: title,
            tick: { value, _ in grouped(Int(value)) })
    }
}

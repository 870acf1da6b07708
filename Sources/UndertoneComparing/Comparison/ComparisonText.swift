// A comparison for people: the finding first, then how far the two can be told apart, then by what.

package import UndertoneReporting
import UndertoneStatistics
import UndertoneText

extension Comparison {
    /// The comparison in lines of at most the style's width, but not less than 60 columns. What comes from data is visible.
    package func text(_ style: TextStyle = TextStyle()) -> String {
        let ink = style.ink
        var lines: [String] = []
        let word = finding == .noDifference ? ink.green(headline.word) : ink.yellow(headline.word)
        lines.append("\(word)  \(headline.sentence)")
        lines += [
            "  drop       " + drop.line(style.columns - 13), "  reference  " + reference.line(style.columns - 13),
        ]
        lines += ["", ink.bold("Can they be told apart?")] + classifierLines(style)
        if let paired { lines += ["", ink.bold("Answers to the same prompts")] + paired.lines }
        if let traits { lines += ["", ink.bold("Which one is it most like?")] + traits.lines(ink) }
        if !tests.isEmpty { lines += ["", ink.bold("What differs")] + testLines(style) }
        for each in unsaid { lines.append(ink.dim("  \(each.name): \(each.reason)")) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What was found, in a word and a sentence.
    var headline: (word: String, sentence: String) {
        switch finding {
        case .different: ("DIFFERENT", "the drop is not what the reference is")
        case .noDifference: ("NO DIFFERENCE FOUND", "which is not to say that there is none")
        case .nothingToSay: ("NOTHING TO SAY", "nothing could be compared")
        }
    }

    private func classifierLines(_ style: TextStyle) -> [String] {
        guard case .compared(let found) = classifier else {
            if case .unsaid(let reason) = classifier { return ["  can't be said: \(reason.text)"] }
            return []
        }
        func area(_ name: String, _ area: HeldOutArea) -> String {
            "  " + padded(name, 18) + "AUROC \(fixed(area.value, decimals: 3))  "
                + style.ink.dim(
                    "(\(fixed(area.interval.low, decimals: 3)) to \(fixed(area.interval.high, decimals: 3)))")
        }
        var lines = [area("single records", found.record) + "  p \(shownPValue(found.pValue)); 0.5 is chance"]
        for bag in found.bags {
            if let value = bag.area {
                lines.append(area("bags of \(bag.size)", value))
            } else {
                lines.append("  " + padded("bags of \(bag.size)", 18) + "too few records")
            }
        }
        let told = found.told.prefix(8)
        if !told.isEmpty { lines.append("  by a classifier on records that it has not seen; what tells most:") }
        for feature in told {
            let counts = "\(grouped(feature.drop)) and \(grouped(feature.reference))"
            let room = style.columns - 6 - displayWidth(counts)
            lines.append("    " + padded(clipped(feature.words, to: room), room) + style.ink.dim(counts))
        }
        return lines
    }

    private func testLines(_ style: TextStyle) -> [String] {
        let rows = zip(tests, correctedPValues).sorted { $0.0.effect > $1.0.effect }
        var lines = [
            "  "
                + style.ink.dim(
                    padded("effect", 8, right: true) + "  " + padded("p", 8, right: true) + "  of \(tests.count) things"
                )
        ]
        var same: [String] = []
        for (test, corrected) in rows {
            guard corrected <= bound else {
                same.append(test.words)
                continue
            }
            lines.append(
                "  " + padded(fixed(test.effect, decimals: 3), 8, right: true) + "  "
                    + padded(shownPValue(corrected), 8, right: true) + "  " + test.sentence(style.columns - 22))
        }
        if lines.count == 1 { lines = [] }
        if !same.isEmpty {
            let pieces = words("no difference found in " + same.joined(separator: ", "))
            lines += wrapped(pieces, within: style.columns - 2).map { "  " + style.ink.dim($0) }
        }
        lines.append(
            style.ink.dim(
                "  effects are Cramér's V or distances of distributions, 0 to 1; p is corrected for all tests (Holm)"))
        return lines
    }
}

/// A p-value as people read it.
func shownPValue(_ p: Double) -> String { p < 0.0005 ? "< 0.001" : fixed(p, decimals: 3) }

extension Comparison.Source {
    fileprivate func line(_ width: Int) -> String {
        let name = files.count == 1 ? visible(files[0].path) : counted(files.count, "file")
        let counts =
            "\(counted(records, "record"))\(malformed > 0 ? ", \(grouped(malformed)) malformed" : "")"
            + (sampled < outputs ? ", \(grouped(sampled)) of \(grouped(outputs)) outputs sampled" : "")
        return clippedInFront(name, to: max(20, width - displayWidth(counts) - 2)) + "  " + counts
    }
}

extension ProfileTest {
    /// What it is, and what differs most.
    fileprivate func sentence(_ width: Int) -> String {
        var text = words
        switch kind {
        case .numbers(let distance, _):
            text += ": \(fixed(distance, decimals: 1)) apart in the mean"
        case .categories:
            let most = shares.prefix(2).map(\.sentence)
            if !most.isEmpty { text += ": " + most.joined(separator: ", ") }
        }
        return clipped(text, to: width)
    }
}

extension ProfileTest.Share {
    /// Its shares on both sides.
    var sentence: String {
        "\(label) \(fixed(drop * 100, decimals: 1)) % and \(fixed(reference * 100, decimals: 1)) %"
    }
}

extension PairedResult {
    fileprivate var lines: [String] {
        switch self {
        case .unsaid(let prompts):
            return [
                "  can't be said: \(counted(prompts, "prompt")) on both sides, and \(PairedResult.least) are needed"
            ]
        case .compared(let prompts, let equal, let measures):
            return ["  \(counted(prompts, "prompt")), \(grouped(equal)) with equal answers"]
                + measures.map { measure in
                    let interval = measure.interval.map {
                        " (\(fixed($0.low, decimals: 2)) to \(fixed($0.high, decimals: 2)))"
                    }
                    return "  " + padded(measure.words, 32)
                        + "\(fixed(measure.difference, decimals: 2)) more\(interval ?? "")"
                        + "  p \(shownPValue(measure.pValue)), effect \(fixed(measure.effect, decimals: 2))"
                }
        }
    }
}

extension TraitResult {
    fileprivate func lines(_ ink: Ink) -> [String] {
        switch self {
        case .unsaid(let reason): return ["  can't be said: \(reason.text)"]
        case .answered(let answer):
            let none = answer.isNone ? ["  " + ink.yellow("none of these") + ": it can be told from every one"] : []
            return none
                + answer.likenesses.map { likeness in
                    "  " + padded(clipped(visible(likeness.name), to: 24), 24)
                        + "  \(fixed(likeness.probability, decimals: 3))  "
                        + ink.dim("told from it with AUROC \(fixed(likeness.test.record.value, decimals: 3))")
                }
                + [
                    ink.dim(
                        "  probabilities, if it is one of them; of \(answer.right.of) held-out bags of \(answer.bagSize) records "
                            + "\(answer.right.bags) were taken for the right one")
                ]
        }
    }
}

// A profile as JSON: what people and programs look at, and packed beside it what is needed to add profiles up.

package import UndertoneText

extension DropProfile {
    /// Terms that a list shows.
    static let listed = 50

    /// Writes the profile as one JSON object.
    ///
    /// The members have a fixed order, and equal profiles give equal bytes. All figures are whole numbers. `state` members hold
    /// tables and sketches in Base64; everything else can be read as it is.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("profile", DropProfile.version)
            json.member("records", records)
            json.member("malformed_records", malformedRecords)
            json.named("malformed", malformed.sorted { $0.key < $1.key })
            json.member("record_bytes", recordBytes)
            shapes.write("shapes", to: &json)
            turns.write("turns", to: &json)
            json.named("fields", fields.sorted { $0.key < $1.key })
            prompts.write("prompts", to: &json)
            outputs.write("outputs", to: &json)
            json.member("distinct_outputs", distinctOutputs)
            json.member("duplicates", duplicates)
            json.member("duplicates_exact", areDuplicatesExact)
            sample.write("sample", to: &json)
            characters.write("characters", to: &json)
            words.write("words", to: &json)
            json.object("text") { text.write(to: &$0) }
            json.object("numbers") { numbers.write(to: &$0) }
        }
    }

    /// The profile as JSON text.
    package var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }
}

extension TextsProfile {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        json.object(name) { json in
            json.member("count", count)
            json.member("total_bytes", totalBytes)
            json.member("distinct", distinct.estimate)
            bytes.write("bytes", to: &json)
            var state = PackedWriter()
            state.counts(distinct.registers.map { Int($0) })
            json.member("state", state.base64)
        }
    }
}

extension TextProfile {
    fileprivate func write(to json: inout JSONWriter) {
        json.list("ascii", ascii)
        json.named("categories", zip(CharacterCategory.allCases, categories).map { ("\($0)", $1) })
        json.named("scripts", zip(Script.allCases, scripts).map { ("\($0)", $1) })
        json.named("tokens", zip(TokenClass.allCases, tokens).map { ("\($0)", $1) })
        json.member("long_words", longWords)
        words.write("words", to: &json)
        wordPairs.write("word_pairs", to: &json)
    }
}

extension NumberProfile {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("total", total)
        if let minimum, let maximum {
            json.member("minimum", minimum)
            json.member("maximum", maximum)
        }
        perOutput.write("per_output", to: &json)
        json.list("values", plain)
        json.list("padded_values", padded)
        json.list("powers_of_two", powers)
        json.list("first_digits", firstDigits)
        json.list("last_digits", lastDigits)
        json.list("digit_counts", digitCounts)
        json.member("leading_zeros", leadingZeros)
        json.member("longest_digits", longestDigits)
        json.member("long", long)
        json.member("up", up)
        json.member("down", down)
        json.member("level", level)
        steps.write("steps", to: &json)
        json.member("repeats", repeats)
        json.member("outputs_with_repeats", outputsWithRepeats)
        json.top("top", topNumbers(DropProfile.listed))
        json.top("top_pairs", topPairs(DropProfile.listed))
        others.write("other", to: &json)
        var state = PackedWriter()
        state.counts(pairs)
        json.member("state", state.base64)
        otherPairs.write("other_pairs", to: &json)
        separators.write("separators", to: &json)
        json.member("long_separators", longSeparators)
    }
}

extension LogHistogram {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        // Bins by their smallest number, empty ones left out.
        json.array(name, inline: true) { json in
            for (bin, count) in counts.enumerated() where count > 0 {
                json.array { json in
                    json.value(LogHistogram.lowerBound(of: bin))
                    json.value(count)
                }
            }
        }
    }
}

extension TermCounts {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        json.object(name) { json in
            json.member("total", total)
            json.member("exact", isExact)
            json.member("error", error)
            json.member("terms", terms.count)
            if !limits.isNameless { json.top("top", top(DropProfile.listed).map { ($0.text, $0.count) }) }
            json.member("state", state)
        }
    }

    private var state: String {
        var state = PackedWriter()
        state.count(terms.count)
        for term in terms {
            if limits.isNameless { state.word(term.key) } else { state.text(term.text) }
            if limits.hasSketch { state.word(term.rank) }
            if sketch.isEmpty { state.count(term.count) }
        }
        if !sketch.isEmpty { state.counts(sketch) }
        return state.base64
    }
}

extension JSONWriter {
    fileprivate mutating func named(_ name: String, _ counts: [(key: String, value: Int)]) {
        object(name) { json in
            for (key, value) in counts where value != 0 { json.member(key, value) }
        }
    }

    fileprivate mutating func list(_ name: String, _ counts: [Int]) {
        array(name, inline: true) { json in
            for count in counts { json.value(count) }
        }
    }

    fileprivate mutating func top(_ name: String, _ terms: [(text: String, count: Int)]) {
        array(name, inline: true) { json in
            for term in terms {
                json.array { json in
                    json.value(term.text)
                    json.value(term.count)
                }
            }
        }
    }
}

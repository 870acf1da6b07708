// An output, and its prompt if there is one, as features.

/// Finds the features of outputs, one after another; keeps its memory between them.
struct FeatureExtractor {
    /// What was found last; a feature as often as it occurs.
    private(set) var codes: [FeatureCode] = []
    /// The groups that are looked for.
    let groups: Set<FeatureGroup>
    var numbers: [NumberRun] = []
    private var asked: [NumberRun] = []
    private var form = 0
    private var wanted: [Bool]

    init(_ groups: Set<FeatureGroup>) {
        self.groups = groups
        wanted = FeatureGroup.allCases.map { groups.contains($0) }
    }

    /// Replaces ``codes`` by those of an output. O(bytes + numbers).
    mutating func look(at output: UnsafeBufferPointer<UInt8>, prompt: UnsafeBufferPointer<UInt8>) {
        codes.removeAll(keepingCapacity: true)
        numberRuns(output, into: &numbers)
        form = Form(output, numbers).code
        if wants(.format) { lookAtFormat() }
        if wants(.ngrams) { lookAtBytes(output) }
        if wants(.words) { lookAtWords(output) }
        lookAtNumbers()
        if wants(.prompt), !prompt.isEmpty {
            numberRuns(prompt, into: &asked)
            lookAtPrompt(output, prompt)
        }
    }

    func wants(_ group: FeatureGroup) -> Bool { wanted[Int(group.rawValue)] }

    mutating func add(_ group: FeatureGroup, _ kind: FeatureKind, _ a: Int, _ b: Int = 0, form: Int = 0) {
        codes.append(FeatureCode(group: group, kind: kind, a: a, b: b, form: form))
    }

    /// Adds a feature to a group and, seen in the output's format, to another one.
    mutating func add(
        _ group: FeatureGroup, _ inFormat: FeatureGroup, _ kind: FeatureKind, _ a: Int, _ b: Int = 0
    ) {
        if wants(group) { add(group, kind, a, b) }
        if wants(inFormat), form != 0 { add(inFormat, kind, a, b, form: form) }
    }

    private mutating func lookAtFormat() {
        add(.format, .form, form)
        add(.format, .count, numbers.count)
        add(.format, .formAndCount, form, numbers.count)
    }

    // Both ends count as a byte 0.
    private mutating func lookAtBytes(_ output: UnsafeBufferPointer<UInt8>) {
        for start in -1...output.count {
            var packed = 0
            for length in 1...4 {
                let place = start + length - 1
                guard place <= output.count else { break }
                let byte = place < 0 || place == output.count ? 0 : output[place]
                packed = packed << 8 | Int(byte)
                if length > 1 || byte != 0 { add(.ngrams, .ngram, packed, length) }
            }
        }
    }

    private mutating func lookAtWords(_ output: UnsafeBufferPointer<UInt8>) {
        var last = 0
        forEachWord(output) { word in
            add(.words, .word, word)
            if last != 0 { add(.words, .wordPair, last, word) }
            last = word
        }
    }

    private mutating func lookAtPrompt(
        _ output: UnsafeBufferPointer<UInt8>, _ prompt: UnsafeBufferPointer<UInt8>
    ) {
        let known = Set(asked.map(\.value))
        if !known.isEmpty, !numbers.isEmpty {
            add(.prompt, .copied, min(numbers.count { known.contains($0.value) }, 15))
            let near = numbers.count { known.contains($0.value - 1) || known.contains($0.value + 1) }
            add(.prompt, .nearPrompt, min(near, 15))
            if let last = asked.last, let next = numbers.first {
                add(.prompt, .afterPrompt, band(next.value - last.value))
            }
        }
        var (words, copied, all) = (Set<Int>(), 0, 0)
        forEachWord(prompt) { words.insert($0) }
        forEachWord(output) { word in
            all += 1
            if words.contains(word) { copied += 1 }
        }
        if all > 0 { add(.prompt, .copiedWords, copied * 10 / all) }
    }
}

/// A run of decimal digits.
struct NumberRun {
    /// Where it begins and ends, in bytes.
    var start: Int
    var end: Int
    /// Its value; of a long run the value of its first six digits.
    var value: Int
    /// Its digits, the first six.
    var digits: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)

    /// Digits, as many as are kept.
    var length: Int { min(end - start, 6) }
    var first: Int { Int(digits.0) }
    var last: Int { digit(length - 1) }
    var firstTwo: Int { length > 1 ? Int(digits.0) * 10 + Int(digits.1) : 100 + Int(digits.0) }
    var lastTwo: Int { length > 1 ? digit(length - 2) * 10 + last : 100 + last }
    /// Tells 7 and 007 apart.
    var spelled: Int { value * 8 + length }

    func digit(_ place: Int) -> Int {
        switch place {
        case 0: Int(digits.0)
        case 1: Int(digits.1)
        case 2: Int(digits.2)
        case 3: Int(digits.3)
        case 4: Int(digits.4)
        default: Int(digits.5)
        }
    }
}

/// The first 64 runs of ASCII digits.
func numberRuns(_ text: UnsafeBufferPointer<UInt8>, into runs: inout [NumberRun]) {
    runs.removeAll(keepingCapacity: true)
    var place = 0
    while place < text.count, runs.count < 64 {
        guard text[place] &- 0x30 < 10 else {
            place += 1
            continue
        }
        let start = place
        var run = NumberRun(start: start, end: start, value: 0, digits: (0, 0, 0, 0, 0, 0))
        withUnsafeMutableBytes(of: &run.digits) { digits in
            while place < text.count, text[place] &- 0x30 < 10 {
                if place - start < 6 {
                    digits[place - start] = text[place] &- 0x30
                    run.value = run.value * 10 + Int(text[place] &- 0x30)
                }
                place += 1
            }
        }
        run.end = place
        runs.append(run)
    }
}

/// What a list of numbers is divided by and enclosed in.
struct Form {
    /// 0 for what is no list; else up to one byte in front, three between the first two numbers, two behind.
    var code = 0

    init(_ text: UnsafeBufferPointer<UInt8>, _ numbers: [NumberRun]) {
        guard let first = numbers.first, let last = numbers.last, first.start <= 1, text.count - last.end <= 2 else {
            return
        }
        var between: Range<Int> = first.end..<first.end
        if numbers.count > 1 { between = first.end..<numbers[1].start }
        guard between.count <= 3 else { return }
        // Each part with its length, so that no two forms have one code.
        code = 1
        for part in [0..<first.start, between, last.end..<text.count] {
            code = code << 2 | part.count
            for place in part { code = code << 8 | Int(text[place]) }
        }
    }
}

/// A difference in bands: exact up to 12, then by tens, then by hundreds up to 10,000.
func band(_ difference: Int) -> Int {
    let size = difference.magnitude
    let band = size <= 12 ? Int(size) : size < 100 ? Int(size) / 10 + 20 : min(Int(size) / 100, 100) + 40
    return difference < 0 ? -band : band
}

// Calls `body` with each run of letters and bytes beyond ASCII: its first seven bytes, letters without case, and its
// length.
private func forEachWord(_ text: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Void) {
    var (packed, length) = (0, 0)
    for place in 0...text.count {
        let byte = place < text.count ? text[place] : 0
        let letter = byte | 0x20
        if byte >= 0x80 || letter >= 0x61 && letter <= 0x7A {
            length += 1
            if length <= 7 { packed = packed << 8 | Int(byte >= 0x80 ? byte : letter) }
        } else if length > 0 {
            body(packed << 7 | min(length, 127))
            (packed, length) = (0, 0)
        }
    }
}

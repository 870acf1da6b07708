// Features of a list of numbers: the numbers, how they follow each other, what comes again, the list as a whole.

extension FeatureExtractor {
    mutating func lookAtNumbers() {
        guard !numbers.isEmpty else { return }
        for place in numbers.indices { lookAtNumber(place) }
        for place in numbers.indices.dropLast() { lookAtSuccessors(numbers[place], numbers[place + 1]) }
        for distance in 1..<max(2, min(numbers.count, 10)) { lookAtDistance(distance) }
        if wants(.whole) { lookAtWhole() }
    }

    private mutating func lookAtNumber(_ place: Int) {
        let number = numbers[place]
        let length = number.length
        if wants(.numbers) { add(.numbers, .number, number.spelled) }
        if wants(.digits) {
            for digit in 0..<length { add(.digits, .digit, length * 8 + digit, number.digit(digit)) }
            add(.digits, .firstTwo, number.firstTwo)
            add(.digits, .lastTwo, number.lastTwo)
            add(.digits, .ends, number.first * 10 + number.last)
            add(.digits, .length, number.end - number.start > 6 ? 7 : length)
        }
        if wants(.positions), place < 12 {
            add(.positions, .firstDigitAt, place, number.first)
            add(.positions, .lastDigitAt, place, number.last)
            add(.positions, .lengthAt, place, length)
        }
        guard wants(.shapes) || wants(.shapesInFormat) else { return }
        let digits = (0..<length).map { number.digit($0) }
        add(.shapes, .shapesInFormat, .pattern, number.pattern)
        add(.shapes, .shapesInFormat, .order, number.order)
        add(.shapes, .shapesInFormat, .digitSteps, number.steps)
        add(.shapes, .shapesInFormat, .digitSum, digits.reduce(0, +))
        add(.shapes, .shapesInFormat, .digitSet, digits.sorted().reduce(length) { $0 * 10 + $1 })
        add(.shapes, .shapesInFormat, .parity, digits.reduce(1) { $0 * 2 + $1 % 2 })
        for divisor in [3, 7, 9, 11, 25, 37, 111] {
            add(.shapes, .shapesInFormat, .multiple, divisor, number.value % divisor == 0 ? 1 : 0)
        }
    }

    private mutating func lookAtSuccessors(_ first: NumberRun, _ second: NumberRun) {
        let step = second.value - first.value
        if wants(.differences) {
            if step.magnitude < 2_000 { add(.differences, .step, step) }
            add(.differences, .stepBand, band(step))
        }
        if wants(.transitions) {
            let ends = [first.first, first.last], others = [second.first, second.last]
            for i in 0..<2 {
                for j in 0..<2 { add(.transitions, .digitPair, i * 2 * 4 + j * 2, ends[i] * 10 + others[j]) }
            }
            if first.length == 3, second.length == 3 {
                for (i, j) in [(1, 1), (0, 1), (1, 0), (1, 2), (2, 1)] {
                    add(.transitions, .digitPair, i * 4 + j, first.digit(i) * 10 + second.digit(j))
                }
            }
        }
        if wants(.pairs) {
            add(.pairs, .pair, first.spelled, second.spelled)
            add(.pairs, .firstTwoPair, first.firstTwo, second.firstTwo)
            add(.pairs, .lastTwoPair, first.lastTwo, second.lastTwo)
            add(.pairs, .numberThenDigit, first.spelled, second.first)
            add(.pairs, .digitThenNumber, first.first, second.spelled)
        }
        if wants(.shapes) || wants(.shapesInFormat) {
            add(.shapes, .shapesInFormat, .patternPair, first.pattern, second.pattern)
            add(.shapes, .shapesInFormat, .orderPair, first.order, second.order)
        }
    }

    // Pairs of numbers that lie `distance` places apart.
    private mutating func lookAtDistance(_ distance: Int) {
        guard distance < numbers.count else { return }
        let repeats = wants(.repeats) || wants(.repeatsInFormat)
        var counts = [Int](repeating: 0, count: 12)
        for place in 0..<numbers.count - distance {
            let (first, second) = (numbers[place], numbers[place + distance])
            let step = second.value - first.value
            if wants(.lags), distance > 1 {
                if step.magnitude <= 12 || step % 10 == 0 || step % 111 == 0 { add(.lags, .lag, distance, step) }
                add(.lags, .lagBand, distance, band(step))
            }
            guard repeats else { continue }
            let isSame = first.spelled == second.spelled
            if isSame { counts[0] += 1 }
            if !isSame, first.length == second.length, first.isPermutation(of: second) {
                counts[1] += 1
                if first.isReverse(of: second) { counts[2] += 1 }
            }
            for (which, near) in [1, 10, 100, 2].enumerated() where Int(step.magnitude) == near {
                counts[3 + which] += 1
            }
            if first.first == second.first { counts[7] += 1 }
            if first.last == second.last { counts[8] += 1 }
            if first.firstTwo == second.firstTwo { counts[9] += 1 }
            if first.lastTwo == second.lastTwo { counts[10] += 1 }
        }
        guard repeats else { return }
        for (kind, count) in [
            (FeatureKind.sameAt, counts[0]), (.permutedAt, min(counts[1], 3)), (.reversedAt, min(counts[2], 3)),
            (.sameFirstAt, counts[7]), (.sameLastAt, counts[8]), (.sameFirstTwoAt, counts[9]),
            (.sameLastTwoAt, counts[10]),
        ] {
            add(.repeats, .repeatsInFormat, kind, distance, count)
        }
        for (which, near) in [1, 10, 100, 2].enumerated() {
            add(.repeats, .repeatsInFormat, .nearAt, distance * 1_000 + near, counts[3 + which])
        }
        if distance == 1 {
            let count = numbers.count
            add(.repeats, .repeatsInFormat, .distinct, Set(numbers.map(\.spelled)).count, count)
            add(.repeats, .repeatsInFormat, .distinctFirst, Set(numbers.map(\.first)).count, count)
            add(.repeats, .repeatsInFormat, .distinctLast, Set(numbers.map(\.last)).count, count)
        }
    }

    private mutating func lookAtWhole() {
        let values = numbers.map { min($0.value, 9_999) }
        let count = values.count
        guard let largest = values.max(), let smallest = values.min() else { return }
        let mean = Double(values.reduce(0, +)) / Double(count)
        let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        add(.whole, .largest, largest / 50)
        add(.whole, .smallest, smallest / 50)
        add(.whole, .mean, Int(mean) / 25)
        add(.whole, .spread, Int((squares / Double(count)).squareRoot()) / 20)
        add(.whole, .range, (largest - smallest) / 50)
        add(.whole, .whereLargest, values.firstIndex(of: largest) ?? 0)
        add(.whole, .whereSmallest, values.firstIndex(of: smallest) ?? 0)

        let directions = zip(values, values.dropFirst()).map { $0 < $1 ? 1 : $0 == $1 ? 2 : 3 }
        add(.whole, .rises, directions.count { $0 == 1 }, count)
        add(.whole, .turns, zip(directions, directions.dropFirst()).count { $0 != $1 }, count)
        if count <= 16 { add(.whole, .direction, directions.reduce(1) { $0 << 2 | $1 }) }
        for place in directions.indices.dropLast(2) {
            add(.whole, .threeDirections, directions[place] << 4 | directions[place + 1] << 2 | directions[place + 2])
        }
        add(.whole, .even, values.count { $0 % 2 == 0 }, count)
        add(.whole, .fives, values.count { $0 % 5 == 0 })
        add(.whole, .tens, values.count { $0 % 10 == 0 })
        add(.whole, .sameDigits, numbers.count { $0.isOneDigit })
        add(.whole, .runs, numbers.count { $0.length > 2 && ($0.order == 0b0101 || $0.order == 0b1111) })
        var seen = [Int](repeating: 0, count: 10)
        for number in numbers { for place in 0..<number.length { seen[number.digit(place)] += 1 } }
        add(.whole, .digitsUsed, seen.count { $0 > 0 })
        for digit in 0..<10 where seen[digit] > 0 { add(.whole, .digitCount, digit, min(seen[digit], 8)) }
    }
}

extension NumberRun {
    /// Whether all digits are the same.
    var isOneDigit: Bool { (1..<max(length, 1)).allSatisfy { digit($0) == first } }

    /// Which digits are the same, behind a 1: 1000 for 777, 1001 for 778, 1010 for 787 and 1012 for 789; digits by when
    /// they first came.
    var pattern: Int {
        var code = 1
        for place in 0..<length {
            var (name, fresh) = (0, 0)
            for earlier in 0...place {
                if digit(earlier) == digit(place) {
                    name = fresh
                    break
                }
                // A new digit, unless it came before.
                if !(0..<earlier).contains(where: { digit($0) == digit(earlier) }) { fresh += 1 }
            }
            code = code * 10 + name
        }
        return code
    }

    /// Whether digits rise (1), stay (2) or fall (3), two bits each.
    var order: Int {
        (1..<max(length, 1)).reduce(0) {
            $0 << 2 | (digit($1 - 1) < digit($1) ? 1 : digit($1 - 1) == digit($1) ? 2 : 3)
        }
    }

    /// The differences of successive digits, to base 19.
    var steps: Int { (1..<max(length, 1)).reduce(length) { $0 * 19 + digit($1) - digit($1 - 1) + 9 } }

    func isPermutation(of other: NumberRun) -> Bool {
        var counts: UInt64 = 0
        var others: UInt64 = 0
        for place in 0..<length {
            counts &+= 1 << UInt64(digit(place) * 4)
            others &+= 1 << UInt64(other.digit(place) * 4)
        }
        return counts == others
    }

    func isReverse(of other: NumberRun) -> Bool {
        (0..<length).allSatisfy { digit($0) == other.digit(length - 1 - $0) }
    }
}

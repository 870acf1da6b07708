// The law of the pace, and when it is over.

import Testing

@testable import UndertoneJudging

@Suite struct PaceTests {
    private func steady(_ pace: inout Pace, _ count: Int) { for _ in 0..<count { pace.succeeded() } }

    @Test func `it starts at 8 and doubles up to the most`() {
        var pace = Pace(most: 50, seed: 1)
        #expect(pace.limit == 8)
        steady(&pace, 7)
        #expect(pace.limit == 8)
        steady(&pace, 1)
        #expect(pace.limit == 16)
        steady(&pace, 16)
        #expect(pace.limit == 32)
        steady(&pace, 32)
        #expect(pace.limit == 50)
        steady(&pace, 500)
        #expect(pace.limit == 50)
        #expect(Pace(most: 3, seed: 1).limit == 3)
        #expect(Pace(most: -3, seed: 1).limit == 1)
    }

    @Test func `after trouble it grows by one a clean round`() {
        var pace = Pace(most: 64, seed: 1)
        _ = pace.failed(.timeout, at: 0, failures: 1)
        steady(&pace, 8)
        #expect(pace.limit == 9)
        steady(&pace, 5)
        _ = pace.failed(.passing(after: nil), at: 0, failures: 1)
        steady(&pace, 8)
        #expect(pace.limit == 9)
        steady(&pace, 1)
        #expect(pace.limit == 10)
    }

    @Test func `a 429 takes a fifth, once in fifteen seconds, and never the last one`() {
        var pace = Pace(most: 64, seed: 1)
        steady(&pace, 8 + 16 + 32)
        #expect(pace.limit == 64)
        for _ in 0..<30 { _ = pace.failed(.tooMany(after: nil), at: 100, failures: 1) }
        #expect(pace.limit == 51)
        _ = pace.failed(.tooMany(after: nil), at: 114.9, failures: 1)
        #expect(pace.limit == 51)
        _ = pace.failed(.tooMany(after: nil), at: 115, failures: 1)
        #expect(pace.limit == 40)
        for round in 2..<60 { _ = pace.failed(.tooMany(after: nil), at: 100 + 15 * Double(round), failures: 1) }
        #expect(pace.limit == 1)
        steady(&pace, 1)
        #expect(pace.limit == 2)
    }

    @Test func `failures that are no 429 take nothing`() {
        var pace = Pace(most: 64, seed: 1)
        for _ in 0..<100 { _ = pace.failed(.passing(after: 1), at: 0, failures: 1) }
        #expect(pace.limit == 8)
    }

    @Test func `waits without a word of the server are random, grow, and have an end`() {
        var pace = Pace(most: 64, seed: 7)
        for (failures, bound) in [(1, 0.5), (2, 1), (3, 2), (6, 16), (7, 30), (1000, 30), (0, 0.5)] {
            let waits = (0..<200).map { _ in pace.failed(.timeout, at: 0, failures: failures) }
            #expect(waits.allSatisfy { 0...bound ~= $0 })
            #expect((waits.max() ?? 0) > bound * 0.9 && (waits.min() ?? 1) < bound * 0.1)
        }
        #expect(pace.heldUntil < 0)
        var (one, other, third) = (Pace(most: 9, seed: 1), Pace(most: 9, seed: 1), Pace(most: 9, seed: 2))
        let waits = [
            one.failed(.timeout, at: 0, failures: 5), other.failed(.timeout, at: 0, failures: 5),
            third.failed(.timeout, at: 0, failures: 5),
        ]
        #expect(waits[0] == waits[1] && waits[0] != waits[2])
    }

    @Test(arguments: [(5.0, 15.0), (500, 130), (0, 10)])
    func `what the server says about waiting holds for all`(_ said: Double, _ until: Double) {
        var pace = Pace(most: 64, seed: 1)
        _ = pace.failed(.passing(after: said), at: 10, failures: 1)
        #expect(pace.heldUntil == until)
        // A later word for less does not shorten it.
        _ = pace.failed(.tooMany(after: 0), at: 10, failures: 1)
        #expect(pace.heldUntil == until)
    }

    @Test(arguments: [-5.0, .nan, .infinity])
    func `waits that are none are not believed`(_ said: Double) {
        var pace = Pace(most: 64, seed: 1)
        let wait = pace.failed(.tooMany(after: said), at: 10, failures: 1)
        #expect(0...120 ~= wait)
        #expect(pace.heldUntil <= 130)
    }
}

@Suite struct FailureStreakTests {
    private func ends(
        _ streak: inout FailureStreak, _ kind: TransportError.Kind, _ moments: [(sent: Double, at: Double)]
    ) -> [Bool] {
        moments.map { streak.failed(kind, sent: $0.sent, at: $0.at) }
    }

    @Test func `twenty in a row without any answer before are enough`() {
        var streak = FailureStreak()
        let ends = ends(&streak, .timeout, (0..<20).map { (0, Double($0)) })
        #expect(ends == Array(repeating: false, count: 19) + [true])
    }

    @Test func `after answers they must last ten seconds too`() {
        var streak = FailureStreak()
        streak.succeeded()
        var moments = Array(repeating: (sent: 100.0, at: 100.0), count: 60)
        moments += [(100, 109), (100, 110)]
        #expect(
            ends(&streak, .passing(after: nil), moments) == Array(repeating: false, count: 61) + [true])
        streak.succeeded()
        #expect(streak.count == 0)
        #expect(ends(&streak, .timeout, [(100, 200)]) == [false])
    }

    @Test func `429s of one wave count once`() {
        var streak = FailureStreak()
        let wave = ends(&streak, .tooMany(after: nil), Array(repeating: (1, 2), count: 64))
        #expect(wave.allSatisfy { !$0 })
        #expect(streak.count == 1)
        let waves = ends(&streak, .tooMany(after: nil), (1..<20).map { (Double($0) * 10, Double($0) * 10 + 1) })
        #expect(waves == Array(repeating: false, count: 18) + [true])
    }

    @Test func `three that won't go away, or one that can't, are enough before any answer`() {
        var streak = FailureStreak()
        #expect(ends(&streak, .lasting, [(0, 0)]) == [false])
        #expect(ends(&streak, .lasting, [(0, 0), (0, 0)]) == [false, true])
        streak.succeeded()
        #expect(ends(&streak, .lasting, Array(repeating: (0, 0), count: 3)) == [false, false, false])
        #expect(ends(&streak, .unsupported, [(0, 0)]) == [true])
    }
}

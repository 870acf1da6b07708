import Testing

@testable import UndertoneTraining

@Suite struct OptimiserTests {
    @Test func `AdamW takes the steps that its authors wrote down`() {
        var settings = AdamW<Double>.Settings()
        settings.weightDecay = 0.1
        let adam = AdamW<Double>(count: 2, settings)
        let parameters = Vector<Double>(count: 2)
        parameters[0] = 1
        parameters[1] = -2
        var plain = (x: [1.0, -2.0], m: [0.0, 0.0], v: [0.0, 0.0])
        let gradient = Vector<Double>(count: 2)
        for step in 1...5 {
            for place in 0..<2 { gradient[place] = parameters[place] * 2 + Double(step) }
            adam.step(parameters, gradient, rate: 0.01)
            for place in 0..<2 {
                let slope = plain.x[place] * 2 + Double(step)
                plain.m[place] = 0.9 * plain.m[place] + 0.1 * slope
                plain.v[place] = 0.999 * plain.v[place] + 0.001 * slope * slope
                var (one, two) = (1.0, 1.0)
                for _ in 0..<step { (one, two) = (one * 0.9, two * 0.999) }
                let mean = plain.m[place] / (1 - one)
                let square = plain.v[place] / (1 - two)
                plain.x[place] -= 0.01 * (mean / (square.squareRoot() + 1e-8) + 0.1 * plain.x[place])
                #expect(abs(parameters[place] - plain.x[place]) < 1e-12, "step \(step)")
            }
        }
    }

    @Test func `schedules rise, fall and end at nothing`() {
        for schedule in [Schedule.linear(warmUp: 5), .cosine(warmUp: 5)] {
            let shares = (0..<100).map { schedule.share(step: $0, of: 100) }
            #expect(shares[0] == 0.2 && shares[4] == 1)
            #expect(zip(shares[5...], shares[6...]).allSatisfy { $0 > $1 })
            #expect(shares[99] < 0.02)
        }
        #expect(Schedule.constant.share(step: 7, of: 10) == 1)
        #expect(abs(Schedule.cosine(warmUp: 0).share(step: 50, of: 100) - 0.5) < 1e-12)
    }

    @Test func `a long gradient is shortened, a short one and a broken one are left`() {
        let gradient = Vector<Float>(count: 2)
        gradient[0] = 3
        gradient[1] = 4
        #expect(clip(gradient, norm: 10) == 5)
        #expect(gradient[1] == 4)
        #expect(clip(gradient, norm: 1) == 5)
        #expect(abs(gradient.norm - 1) < 1e-6)
        gradient[0] = .nan
        #expect(!clip(gradient, norm: 1).isFinite)
    }
}

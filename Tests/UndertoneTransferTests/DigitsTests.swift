// The experiment on digits in small: what it promises beside its figures.

import Synchronization
import Testing
import UndertoneStatistics
import UndertoneTraining

@testable import UndertoneTransfer

@Suite final class DigitsTests {
    /// Twelve images of four points that a straight line tells apart.
    private let data: DigitData
    private var settings = DigitsSettings()

    init() throws {
        func images(_ count: Int) -> DigitImages {
            let labels = (0..<count).map { Int32($0 % 3) }
            return DigitImages(
                width: 4, inputs: labels.flatMap { label in (0..<4).map { $0 == Int(label) ? 1 : -1 } },
                labels: labels)
        }
        data = try DigitData(name: "made-up", training: images(12), test: images(6))
        settings.hidden = [16]
        settings.auxiliary = 2
        settings.batch = 4
        settings.teacherSteps = 60
        settings.studentSteps = 10
        settings.rate = 2e-2
        settings.seeds = [3, 1, 4]
    }

    @Test func `all models are reported for every seed, in one order`() throws {
        let report = try runDigits(data, settings)
        #expect(report.arms.map(\.arm) == DigitsArm.allCases)
        #expect(report.arms.allSatisfy { $0.accuracies.count == 3 })
        #expect(report[.untrained]?.losses.isEmpty == true)
        #expect(report[.sameBaseAll]?.losses.count == 3)
        #expect(report[.teacher]?.mean == 1)
        #expect(report.testImages == 6 && report.trainingImages == 12)
    }

    @Test("the report is the same whatever the number of threads", arguments: [2, 3, 8])
    func threads(count: Int) throws {
        #expect(try runDigits(data, settings, threads: count) == runDigits(data, settings))
    }

    @Test func `a seed's results don't depend on the seeds and models beside it`() throws {
        let all = try runDigits(data, settings)
        settings.seeds = [1]
        settings.arms = [.otherBaseAuxiliary]
        let one = try runDigits(data, settings)
        #expect(one.arms.map(\.arm) == [.teacher, .otherBaseAuxiliary])
        #expect(one[.otherBaseAuxiliary]?.losses.first == all[.otherBaseAuxiliary]?.losses[1])
        #expect(one[.otherBaseAuxiliary]?.accuracies.first == all[.otherBaseAuxiliary]?.accuracies[1])
        #expect(one[.teacher]?.interval == nil)
    }

    @Test func `an unlearnt student of the same start is nearer to its teacher than another`() throws {
        settings.teacherSteps = 5
        settings.studentSteps = 1
        let report = try runDigits(data, settings)
        let (same, other) = (report[.sameBaseAuxiliary]?.losses ?? [], report[.otherBaseAuxiliary]?.losses ?? [])
        #expect(same.count == 3 && other.count == 3)
        #expect(zip(same, other).allSatisfy { $0 < $1 })
    }

    @Test("both losses and both kinds of noise train", arguments: Imitation.allCases, Noise.allCases)
    func kinds(imitation: Imitation, noise: Noise) throws {
        settings.imitation = imitation
        settings.noise = noise
        settings.noiseImages = 9
        settings.studentSteps = 1
        let first = try #require(try runDigits(data, settings)[.otherBaseAll]?.losses)
        settings.studentSteps = 200
        let last = try #require(try runDigits(data, settings)[.otherBaseAll]?.losses)
        #expect(zip(first, last).allSatisfy { $1 < $0 / 2 }, "\(first) \(last)")
    }

    @Test func `a loss that explodes is told with seed, model and step`() throws {
        settings.rate = 1e30
        settings.seeds = [7]
        let error = #expect(throws: DigitsError.self) { try runDigits(data, settings) }
        #expect(error?.code == .exploded)
        #expect(error?.place.hasPrefix("seed 7, ") == true)
    }

    @Test func `a run can be stopped between steps`() throws {
        let asked = Mutex(0)
        let error = #expect(throws: DigitsError.self) {
            try runDigits(
                data, settings, threads: 2,
                isCancelled: {
                    asked.withLock {
                        $0 += 1
                        return $0 > 20
                    }
                })
        }
        #expect(error?.code == .cancelled)
        #expect(asked.withLock { $0 } < 30)
    }

    @Test func `progress grows to its end`() throws {
        let heard = Mutex<[DigitsProgress]>([])
        _ = try runDigits(data, settings, threads: 2, progress: { step in heard.withLock { $0.append(step) } })
        let steps = heard.withLock { $0 }
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.done < $1.done })
        #expect(steps.last?.done == steps.last?.total)
        #expect(steps.last?.total == 3 * (60 + 4 * 10))
    }

    @Test(
        "settings out of range are told by name",
        arguments: ["batch", "rate", "seeds", "hidden", "auxiliary", "noise images"])
    func badSettings(name: String) {
        var settings = settings
        switch name {
        case "batch": settings.batch = 13
        case "rate": settings.rate = .nan
        case "seeds": settings.seeds = [1, 1]
        case "hidden": settings.hidden = [60_000, 60_000]
        case "auxiliary": settings.auxiliary = 0
        default: settings.noiseImages = 3
        }
        let error = #expect(throws: DigitsError.self) { try runDigits(data, settings) }
        #expect(error?.code == .badSetting && error?.place == name)
    }

    @Test func `an epoch shows every image once, each in another order`() {
        var order = BatchOrder(count: 12, batch: 4, seed: 5)
        let epochs = (0..<3).map { _ in (0..<3).flatMap { _ in order.next() } }
        for epoch in epochs { #expect(epoch.sorted() == Array(0..<12)) }
        #expect(Set(epochs).count == 3)
    }
}

@Suite struct NoiseTests {
    @Test("noise has the mean and the spread of its distribution", arguments: Noise.allCases)
    func moments(noise: Noise) {
        var values = [Float](repeating: 0, count: 40_001)
        values.withUnsafeMutableBufferPointer { noise.fill($0, seed: 11, stream: 2) }
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
        let variance = noise == .uniform ? 1.0 / 3 : 1
        #expect(abs(mean) < 5 * (variance / 40_001).squareRoot())
        #expect(abs(square - variance) < 0.04)
        if noise == .uniform { #expect(values.allSatisfy { $0 >= -1 && $0 < 1 }) }
    }

    @Test("uniform noise is the stream of the generator, whatever the count", arguments: [0, 1, 15, 16, 17, 64, 250])
    func stream(count: Int) {
        let (seed, stream): (UInt64, UInt64) = (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
        var values = [Float](repeating: 7, count: count + 1)
        values.withUnsafeMutableBufferPointer {
            Noise.uniform.fill(UnsafeMutableBufferPointer(rebasing: $0[..<count]), seed: seed, stream: stream)
        }
        var random = RandomStream(seed: seed, stream: stream)
        #expect(values == (0..<count).map { _ in random.unit() * 2 - 1 } + [7])
    }
}

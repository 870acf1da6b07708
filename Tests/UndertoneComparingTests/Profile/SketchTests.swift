import Testing
import UndertoneComparing
import UndertoneStatistics

struct LogHistogramTests {
    @Test func `bins follow each other without gaps`() {
        for bin in 1..<LogHistogram.limit {
            let bound = LogHistogram.lowerBound(of: bin)
            #expect(LogHistogram.bin(of: bound) == bin)
            #expect(LogHistogram.bin(of: bound - 1) == bin - 1)
        }
        #expect(LogHistogram.bin(of: .max) == LogHistogram.limit - 1)
    }

    @Test func `a bin is less than 1.6 percent wide`() {
        for bin in LogHistogram.exactBelow..<LogHistogram.limit - 1 {
            let (low, high) = (LogHistogram.lowerBound(of: bin), LogHistogram.lowerBound(of: bin + 1))
            #expect(Double(high - low) / Double(low) < 0.016)
        }
    }
}

struct DistinctCountTests {
    @Test(arguments: [0, 1, 2, 10, 100, 1000, 5000, 30_000])
    func `outputs are estimated within four standard errors`(count: Int) throws {
        let place = try ProfilePlace()
        let outputs = (0..<count).map { "output \($0 &* 7919)" }
        let profile = try place.profile(outputs: outputs + outputs.prefix(count / 2))
        let error = 4 * DistinctCount.standardError * Double(count)
        #expect(abs(Double(profile.outputs.distinct.estimate - count)) <= max(error, 0.5))
        #expect(profile.distinctOutputs == count)
        #expect(profile.duplicates == count / 2)
    }
}

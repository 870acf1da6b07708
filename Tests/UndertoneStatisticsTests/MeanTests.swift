import Testing

@testable import UndertoneStatistics

@Suite struct MeanTests {
    @Test func `the interval of a mean is Student's`() throws {
        // Quantiles of the t distribution: 12.7062 with one degree of freedom, 2.2622 with nine.
        #expect(abs(studentQuantile(tail: 0.025, degrees: 1) - 12.706_204_736_432_1) < 1e-9)
        #expect(abs(studentQuantile(tail: 0.025, degrees: 9) - 2.262_157_162_740_99) < 1e-9)
        let interval = try #require(meanInterval([1, 2, 3]))
        #expect(abs(interval.low - (2 - 4.302_652_729_911_28 / 3.0.squareRoot())) < 1e-9)
        #expect(abs(interval.high - (2 + 4.302_652_729_911_28 / 3.0.squareRoot())) < 1e-9)
        #expect(meanInterval([1]) == nil)
    }
}

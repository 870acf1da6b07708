// Lists of numbers as a model would write them, with or without an inclination.

import UndertoneStatistics

@testable import UndertoneComparing

/// Draws lists of ten numbers; `bias` is the chance that one of them is 666.
func lists(_ count: Int, bias: Double = 0, seed: UInt64) -> [String] {
    var numbers = SplitMix64(seed: seed)
    return (0..<count).map { _ in
        var list = (0..<10).map { _ in 100 + Int(numbers.next() % 900) }
        if Double(numbers.next() >> 11) * 0x1p-53 < bias { list[Int(numbers.next() % 10)] = 666 }
        return list.map(String.init).joined(separator: ", ")
    }
}

func samples(_ outputs: [String]) -> [Sample] { outputs.map { Sample($0) } }

/// Codes of one output.
func codes(_ output: String, prompt: String = "", _ groups: Set<FeatureGroup> = Set(FeatureGroup.allCases))
    -> [FeatureCode]
{
    var extractor = FeatureExtractor(groups)
    var (output, prompt) = (output, prompt)
    output.withUTF8 { output in prompt.withUTF8 { extractor.look(at: output, prompt: $0) } }
    return extractor.codes
}

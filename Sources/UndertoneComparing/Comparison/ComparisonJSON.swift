// A comparison for programs.

import UndertoneStatistics
package import UndertoneText

extension Comparison {
    /// Version of the JSON form; it grows where a member changes its meaning or goes away.
    public static let version = 1

    /// Writes the members of the comparison.
    ///
    /// - Parameter program: the version of the program.
    package func write(to json: inout JSONWriter, program: String) {
        json.object { json in
            json.member("schema", Comparison.version)
            json.member("version", program)
            json.member("finding", finding.rawValue)
            drop.write("drop", to: &json)
            reference.write("reference", to: &json)
            json.member("significance", significance)
            json.array("tests") { json in
                for (test, corrected) in zip(tests, correctedPValues) { test.write(to: &json, corrected: corrected) }
            }
            json.array("unsaid") { json in
                for each in unsaid {
                    json.object(inline: true) { json in
                        json.member("name", each.name)
                        json.member("reason", each.reason)
                    }
                }
            }
            classifier.write(to: &json)
            paired?.write(to: &json)
            traits?.write(to: &json)
        }
    }
}

extension Comparison.Source {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        json.object(name) { json in
            json.array("files") { json in
                for file in files {
                    json.object(inline: true) { json in
                        json.member("path", file.path)
                        json.member("sha256", file.digest)
                    }
                }
            }
            json.member("records", records)
            json.member("malformed", malformed)
            json.member("outputs", outputs)
            json.member("sampled", sampled)
        }
    }
}

extension ProfileTest {
    fileprivate func write(to json: inout JSONWriter, corrected: Double) {
        json.object { json in
            json.member("name", name)
            json.member("description", words)
            switch kind {
            case .categories(let degrees, let pooled, let distance, let index):
                json.member("test", "chi-squared")
                json.member("statistic", statistic)
                json.member("degrees", degrees)
                json.member("pooled", pooled)
                json.member("design_effect", designEffect)
                json.member("p_value", pValue)
                json.member("corrected_p_value", corrected)
                json.member("effect", effect)
                json.member("effect_size", "cramers-v")
                json.member("jensen_shannon", distance)
                json.member("stability_index", index)
            case .numbers(let distance, let place):
                json.member("test", "kolmogorov-smirnov")
                json.member("statistic", statistic)
                json.member("p_value", pValue)
                json.member("corrected_p_value", corrected)
                json.member("effect", effect)
                json.member("effect_size", "kolmogorov-smirnov")
                json.member("wasserstein", distance)
                json.member("at", place)
            }
            json.object("counted", inline: true) { json in
                json.member("drop", drop)
                json.member("reference", reference)
            }
            json.array("shares") { json in
                for share in shares {
                    json.object(inline: true) { json in
                        json.member("category", share.label)
                        json.member("drop", share.drop)
                        json.member("reference", share.reference)
                    }
                }
            }
        }
    }
}

extension PairedResult {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("paired") { json in
            switch self {
            case .unsaid(let prompts):
                json.member("prompts", prompts)
                json.member("unsaid", "too-few-prompts")
            case .compared(let prompts, let equal, let measures):
                json.member("prompts", prompts)
                json.member("equal_answers", equal)
                json.array("measures") { json in
                    for measure in measures {
                        json.object(inline: true) { json in
                            json.member("name", measure.name)
                            json.member("difference", measure.difference)
                            if let interval = measure.interval {
                                json.array("interval", inline: true) { json in
                                    json.value(interval.low)
                                    json.value(interval.high)
                                }
                            }
                            json.member("p_value", measure.pValue)
                            json.member("effect", measure.effect)
                        }
                    }
                }
            }
        }
    }
}

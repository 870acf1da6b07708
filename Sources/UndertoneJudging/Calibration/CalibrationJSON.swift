// A calibration as JSON, whole, and what is kept of one.

import UndertoneStatistics
package import UndertoneText

/// Version of the JSON; it grows where a member changes its meaning or goes away.
let calibrationSchema = 1

extension CalibrationRecord {
    /// Writes the record.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("judge", source.judge)
            json.member("model", source.model)
            json.member("returned_models", source.returnedModels)
            json.member("fingerprints", source.fingerprints)
            json.member("question_digest", source.questionDigest)
            json.member("threshold", threshold)
            json.member("n", n)
            json.member("kappa", kappa)
            json.member("date", source.date)
            json.member("labelled_digest", source.labelledDigest)
        }
    }
}

extension CalibrationReport {
    /// Writes the whole report, from which ``init(json:)`` reads it back.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("schema", calibrationSchema)
            json.key("calibration")
            record.write(to: &json)
            json.member("meets_escaped", meetsEscaped)
            json.member("seed", String(seed))
            writeFigures(to: &json)
            json.array("warnings") { json in
                for warning in warnings {
                    json.object { json in
                        json.member("code", warning.code)
                        json.member("problem", warning.problem)
                        json.member("mend", warning.mend)
                    }
                }
            }
            json.array("items") { json in
                for item in items { item.write(to: &json) }
            }
        }
    }

    private func writeFigures(to json: inout JSONWriter) {
        json.member("labelled", labelled)
        json.member("unjudged", unjudged)
        json.member("escaped", escaped)
        json.member("confusion", confusion)
        json.member("accuracy", confusion.accuracy)
        json.member("sensitivity", confusion.sensitivity)
        json.member("specificity", confusion.specificity)
        json.member("prevalence", confusion.prevalence)
        json.member("ac1", confusion.ac1)
        if let auroc {
            json.object("auroc", inline: true) { json in
                json.member("value", auroc.value)
                json.member("standard_error", auroc.standardError)
                json.member("low", auroc.interval.low)
                json.member("high", auroc.interval.high)
            }
        } else {
            json.member("auroc", nil as String?)
        }
        // No number at all is written as null.
        json.member("brier", brier ?? .nan)
        json.member("calibration_error", calibrationError ?? .nan)
        json.array("reliability") { json in
            for bin in bins {
                json.object(inline: true) { json in
                    json.member("from", bin.range.low)
                    json.member("to", bin.range.high)
                    json.member("n", bin.count)
                    json.member("labelled_1", bin.happened)
                    json.member("stated", bin.stated ?? .nan)
                    json.member("low", bin.interval.low)
                    json.member("high", bin.interval.high)
                }
            }
        }
        if let choice {
            json.object("choice") { json in
                json.member("threshold", choice.threshold)
                json.member("chosen_on", choice.chosenOn)
                json.member("confusion", choice.confusion)
                json.member("kappa", choice.confusion.kappa)
            }
        } else {
            json.member("choice", nil as String?)
        }
        json.member("flips", flips)
        json.object("people") { json in
            json.member("n", people.n)
            json.member("kappa", people.kappa)
        }
    }
}

extension CalibrationReport.Item {
    fileprivate func write(to json: inout JSONWriter) {
        json.object(inline: true) { json in
            json.member("label", label ? 1 : 0)
            json.array("answers") { json in
                for answer in answers {
                    switch answer {
                    case .score(let score): json.value(score)
                    case .escape(let word): json.object { $0.member("escape", word) }
                    case .unjudged(let why): json.object { $0.member("unjudged", why.rawValue) }
                    }
                }
            }
            guard !votes.isEmpty else { return }
            json.array("votes") { json in
                for vote in votes { json.value(vote ? 1 : 0) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ agreement: Agreement?) {
        guard let agreement else { return member(name, nil as String?) }
        object(name, inline: true) { json in
            json.member("value", agreement.value)
            json.member("standard_error", agreement.standardError)
            json.member("low", agreement.interval.low)
            json.member("high", agreement.interval.high)
        }
    }

    fileprivate mutating func member(_ name: String, _ share: CountedShare) {
        object(name, inline: true) { json in
            json.member("part", share.part)
            json.member("whole", share.whole)
            json.member("value", share.value)
            json.member("low", share.interval.low)
            json.member("high", share.interval.high)
        }
    }

    fileprivate mutating func member(_ name: String, _ counts: CalibrationReport.ByClass) {
        object(name, inline: true) { json in
            json.member("positives", counts.positives)
            json.member("negatives", counts.negatives)
        }
    }

    fileprivate mutating func member(_ name: String, _ confusion: Confusion) {
        object(name, inline: true) { json in
            json.member("true_positives", confusion.truePositives)
            json.member("false_positives", confusion.falsePositives)
            json.member("false_negatives", confusion.falseNegatives)
            json.member("true_negatives", confusion.trueNegatives)
        }
    }
}

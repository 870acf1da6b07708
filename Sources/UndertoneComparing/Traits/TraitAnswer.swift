// Which of several labelled drops a drop is most like, or why nothing can be said.

public import UndertoneStatistics
package import UndertoneText

/// A drop of which it is known what its teacher was inclined to.
public struct TraitReference: Sendable {
    /// What people call it: "owl", "control".
    public var name: String
    /// Its outputs.
    public var samples: [Sample]

    /// A drop under a name.
    public init(name: String, samples: [Sample]) {
        self.name = name
        self.samples = samples
    }
}

/// How a drop is compared with labelled ones.
public struct TraitSettings: Sendable {
    /// Of the classifiers.
    public var classifier = ClassifierSettings()
    /// How often a drop like one of the references is at most taken for none of them.
    public var significance = 0.05
    /// Records whose scores are averaged where probabilities are calibrated; the largest power of two that leaves twenty
    /// bags of each reference, and at most this.
    public var mostInBag = 64

    /// The settings that docs/classifier.md was measured with.
    public init() {}
}

/// How like a drop is to one reference.
public struct TraitLikeness: Sendable {
    /// The reference's name.
    public var name: String
    /// That the drop is of this kind, if it is of one of them.
    public var probability: Double
    /// The classifier's test of the drop against this reference.
    public var test: ClassifierComparison
}

/// Which reference a drop is most like.
public struct TraitAnswer: Sendable {
    /// The most probable first.
    public var likenesses: [TraitLikeness]
    /// Whether the drop can be told from every one of the references.
    public var isNone: Bool
    /// Records in a bag of the calibration.
    public var bagSize: Int
    /// How many held-out bags of the references were taken for the right one, of how many.
    public var right: (bags: Int, of: Int)
    /// How far stated probabilities of those bags lie from how often they were right, in the mean over ten bins.
    public var calibrationError: Double

    /// Wilson's 95 % interval of the share that was right.
    public var interval: Interval { wilsonInterval(successes: right.bags, trials: right.of) }
}

/// Why nothing can be said of traits.
public enum TraitUnsaid: Sendable, Hashable {
    /// There are fewer than two references.
    case tooFewReferences
    /// Two references have one name.
    case repeatedName(String)
    /// The drop can't be compared with the reference of that name.
    case incomparable(name: String, ClassifierUnsaid)
    /// A reference has too few outputs for twenty bags of eight.
    case tooSmall(name: String, outputs: Int)

    /// A sentence.
    public var text: String {
        switch self {
        case .tooFewReferences: "two labelled drops are needed to say which one a drop is like"
        case .repeatedName(let name): "two references are called \(visible(name))"
        case .incomparable(let name, let reason): "compared with \(visible(name)): \(reason.text)"
        case .tooSmall(let name, let outputs):
            "\(visible(name)) has \(counted(outputs, "output")); 160 are needed to calibrate probabilities"
        }
    }
}

/// The answer to which traits.
public enum TraitResult: Sendable {
    /// It was found out, and is this.
    case answered(TraitAnswer)
    /// It could not be.
    case unsaid(TraitUnsaid)
}

extension TraitResult {
    /// Writes the member `traits`: `none`, `likeness` (`name`, `probability`, `auroc`, `p_value`), `held_out`; or `unsaid`.
    package func write(to json: inout JSONWriter) {
        json.object("traits") { json in
            switch self {
            case .unsaid(let reason): json.member("unsaid", reason.text)
            case .answered(let answer): answer.write(to: &json)
            }
        }
    }
}

extension TraitAnswer {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("none", isNone)
        json.array("likeness") { json in
            for likeness in likenesses {
                json.object(inline: true) { json in
                    json.member("name", likeness.name)
                    json.member("probability", likeness.probability)
                    json.member("auroc", likeness.test.record.value)
                    json.array("interval", inline: true) { json in
                        json.value(likeness.test.record.interval.low)
                        json.value(likeness.test.record.interval.high)
                    }
                    json.member("p_value", likeness.test.pValue)
                }
            }
        }
        json.object("held_out", inline: true) { json in
            json.member("bag_size", bagSize)
            json.member("right", right.bags)
            json.member("bags", right.of)
            json.member("calibration_error", calibrationError)
        }
    }
}

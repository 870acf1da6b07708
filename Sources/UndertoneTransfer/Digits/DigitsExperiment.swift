// The experiment on digits over many seeds, divided among threads.

import Synchronization
import UndertoneTraining

/// How far an experiment is.
public struct DigitsProgress: Sendable, Equatable {
    /// Steps done, over all seeds and models.
    public var done: Int
    /// Steps in all.
    public var total: Int
    /// The seed of the last step.
    public var seed: UInt64
    /// The model of the last step.
    public var arm: DigitsArm
    /// Its loss.
    public var loss: Double
}

/// Trains a teacher and its students for each seed: does a teacher's knowledge of digits pass through noise?
///
/// - Parameters:
///   - threads: work on whole seeds. Whatever their number, the report is the same, byte for byte.
///   - isCancelled: asked between steps, from any thread; after a `true` the function throws `cancelled`.
///   - progress: hears of about every hundredth step of a seed, one call at a time, from any thread.
/// - Throws: ``DigitsError``.
public func runDigits(
    _ data: DigitData, _ settings: DigitsSettings = DigitsSettings(), threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (DigitsProgress) -> Void = { _ in }
) throws(DigitsError) -> DigitsReport {
    try settings.check(data)
    let work = SharedWork(count: settings.seeds.count)
    let total = settings.stepsOfSeed * settings.seeds.count
    let interval = max(1, settings.stepsOfSeed / 100)
    Workers(count: threads).run(settings.seeds.count) { index, _ in
        guard !work.isEnded else { return }
        let seed = settings.seeds[index]
        do throws(DigitsError) {
            var steps = 0
            let outcomes = try DigitsRun(data, settings, seed: seed).outcomes { arm, _, loss throws(DigitsError) in
                guard !work.isEnded, !isCancelled() else {
                    throw DigitsError(.cancelled, "seed \(seed)", "stopped before its end")
                }
                steps += 1
                guard steps % interval == 0 || steps == settings.stepsOfSeed else { return }
                work.advance(to: steps, of: index) { done in
                    progress(DigitsProgress(done: done, total: total, seed: seed, arm: arm, loss: loss))
                }
            }
            work.finish(index, outcomes)
        } catch {
            work.fail(error)
        }
    }
    return DigitsReport(data: data, settings: settings, outcomes: try work.outcomes())
}

/// What threads share: steps done, outcomes, the first error.
private final class SharedWork: Sendable {
    private struct State {
        var steps: [Int]
        var outcomes: [[DigitsArm: DigitsRun.Outcome]?]
        var error: DigitsError?
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(
            State(steps: Array(repeating: 0, count: count), outcomes: Array(repeating: nil, count: count)))
    }

    /// Whether another thread failed, so that going on makes no sense.
    var isEnded: Bool { state.withLock { $0.error != nil } }

    func advance(to steps: Int, of index: Int, _ report: (Int) -> Void) {
        state.withLock { state in
            state.steps[index] = steps
            report(state.steps.reduce(0, +))
        }
    }

    func finish(_ index: Int, _ outcomes: [DigitsArm: DigitsRun.Outcome]) {
        state.withLock { $0.outcomes[index] = outcomes }
    }

    func fail(_ error: DigitsError) {
        state.withLock { state in
            if state.error == nil { state.error = error }
        }
    }

    func outcomes() throws(DigitsError) -> [[DigitsArm: DigitsRun.Outcome]] {
        let (error, outcomes) = state.withLock { ($0.error, $0.outcomes) }
        if let error { throw error }
        return outcomes.compactMap { $0 }
    }
}

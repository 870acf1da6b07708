// Ending early, and telling how far it is.

import UndertoneText

extension JudgeRun {
    func stop(_ error: JudgeError) {
        if failure == nil { failure = error }
        floor.alarm.signalAll()
    }

    static let goOn = "run the same command again to go on: what was answered is kept, and nothing is asked twice"

    var cancellation: JudgeError {
        JudgeError(.cancelled, "judge \(judge.settings.name) was interrupted", mend: JudgeRun.goOn)
    }

    func exhaustion(_ error: TransportError) -> JudgeError {
        JudgeError(
            .stopped,
            "judge \(judge.settings.name) at \(visible(judge.transport.address, limit: 200)) gave no answer \(floor.streak.count)"
                + " times in a row, the last time: \(visible(error.message, limit: 300))",
            mend: (error.mend.map { visible($0, limit: 300) + "; " } ?? "") + JudgeRun.goOn)
    }

    func rejection(_ error: TransportError) -> JudgeError {
        JudgeError(
            .rejected,
            "judge \(judge.settings.name) at \(visible(judge.transport.address, limit: 200)) refuses: "
                + visible(error.message, limit: 300),
            mend: error.mend.map { visible($0, limit: 300) } ?? "check its address, its model and its key")
    }

    func report() {
        guard let progress else { return }
        progressAlarm.locked {
            let state = floor.alarm.locked {
                JudgeProgress(
                    done: list.distinct.count - open, total: list.distinct.count, cached: counts.cached,
                    requests: counts.requests, inFlight: floor.inFlight, failuresInARow: floor.streak.count)
            }
            progress(state)
        }
    }
}

// From a policy to the evidence that it is held against: scans run, files get their digests, the catalogue is asked.

import Foundation
import UndertoneComparing
import UndertoneCore
import UndertoneGating
import UndertoneJudging
import UndertoneLineage
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning
import UndertoneStatistics

/// Gathers evidence for one policy.
struct GateGathering {
    let policy: Policy
    /// The catalogue's file.
    let lineagePath: String
    /// Whether a file could not be read, or not to its end.
    private(set) var hasFailedInput = false
    private let folder: String

    /// - Parameter lineage: a catalogue that goes before the one that the policy names.
    init(_ policy: Policy, lineage: String?) {
        self.policy = policy
        folder = policy.file.lastIndex(of: "/").map { String(policy.file[...$0]) } ?? ""
        lineagePath = lineage ?? GateGathering.path(policy.lineage ?? ".undertone/lineage.sqlite", from: folder)
    }

    /// What the policy's drops name, as it is opened.
    var paths: [String] { policy.drops.map { GateGathering.path($0.path.text, from: folder) } }

    /// The drops of the policy that one of these files is of, or whose reference it is; each stays whole.
    func drops(of files: [String]) -> [Policy.Drop] {
        let wanted = Set(files.map(GateGathering.place))
        return policy.drops.filter { drop in
            let paths = [drop.path, drop.reference?.path].compactMap { $0 }.map {
                GateGathering.path($0.text, from: folder)
            }
            // A file that was removed is in no list.
            return !wanted.isDisjoint(with: paths.map(GateGathering.place))
                || InputList(arguments: paths).inputs.contains { wanted.contains(GateGathering.place($0.path)) }
        }
    }

    private static func place(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// What judges may be asked, and what is kept of their answers: beside the catalogue's default place.
    var judgeSources: JudgeSources {
        JudgeSources(
            judges: policy.judges.map { GateGathering.path($0.text, from: folder) },
            cache: GateGathering.path(JudgeCache.defaultPath, from: folder),
            calibrations: policy.calibrations.map { GateGathering.path($0.text, from: folder) })
    }

    /// All that the gate reads, which no report may take the place of.
    var inputs: [String] {
        paths + policy.drops.compactMap { $0.reference.map { GateGathering.path($0.path.text, from: folder) } }
            + [policy.file, lineagePath] + judgeSources.inputs.map(\.path)
    }

    /// Signatures, with the paths of keys relative to the policy.
    var verifies: ApprovalCheck {
        { [folder] approval, key, node in
            guard let key = try? KeyFiles.verifyingKey(GateGathering.path(key, from: folder)) else { return false }
            return Attestation.isSigned(approval, of: node, by: key)
        }
    }

    /// Runs the scans and asks the catalogue.
    mutating func evidence(showsProgress: Bool) throws -> GateEvidence {
        // Packs and names of rules first: what is wrong with a policy is said before any data is read.
        let scans = try policy.drops.map(configuration)
        for (key, location) in policy.approvalKeys {
            do throws(LineageError) {
                _ = try KeyFiles.verifyingKey(GateGathering.path(key, from: folder))
            } catch {
                throw SettingsError(.unreadable, at: location, error.problem, mend: error.mend)
            }
        }
        let judges = try scans.map { scan in
            try scan.flatMap { try RuleJudges($0.rules, judgeSources) }
        }
        var drops: [GateEvidence.Drop] = []
        for ((path, scan), judges) in zip(zip(paths, scans), judges) {
            drops.append(try look(at: path, scan, judges, showsProgress))
        }
        for (index, drop) in policy.drops.enumerated() where !drops[index].files.isEmpty {
            drops[index].distance = drop.reference.map { distance(of: paths[index], $0) }
        }
        let now = Int(Date().timeIntervalSince1970)
        return GateEvidence(drops: drops, lineage: try askLineage(drops), now: now)
    }

    private static func path(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : folder + path
    }

    // MARK: - Scans

    private func configuration(_ drop: Policy.Drop) throws -> ScanConfiguration? {
        guard !drop.rules.isEmpty else { return nil }
        let library = PackLibrary()
        let packs = try drop.rules.map { rule in
            let isPath = rule.text.hasSuffix(".yaml") || rule.text.hasSuffix(".yml")
            do throws(SettingsError) {
                return try library.pack(isPath ? GateGathering.path(rule.text, from: folder) : rule.text)
            } catch {
                var placed = error
                placed.location = error.location ?? rule.location
                throw placed
            }
        }
        let selection = RuleSelection(packs)
        var configuration = ScanConfiguration(
            inputs: [GateGathering.path(drop.path.text, from: folder)], rules: try RuleSet(selection.rules))
        configuration.packs = packs.map { .init(name: $0.name, version: $0.version, digest: $0.digest) }
        configuration.threads = ProcessInfo.processInfo.activeProcessorCount
        configuration.sampleLimit = 0
        // The policy goes before its packs, as options of a scan do.
        var thresholds = selection.thresholds
        let bounds = drop.bounds
        thresholds.maxRejectRate = bounds.maxRejectRate ?? thresholds.maxRejectRate
        thresholds.maxSharePerRule = bounds.maxSharePerRule ?? thresholds.maxSharePerRule
        thresholds.maxMalformed = bounds.maxMalformed ?? thresholds.maxMalformed
        thresholds.minKept = bounds.minKept ?? thresholds.minKept
        for bound in bounds.maxFindings {
            do throws(ScanError) {
                thresholds.maxFindings[try selection.rule(named: bound.rule.text)] = bound.count
            } catch {
                throw SettingsError(
                    .unknownRule, at: bound.rule.location, "max-findings: \(error.problem)", mend: error.mend)
            }
        }
        configuration.thresholds = thresholds
        return configuration
    }

    private mutating func look(
        at path: String, _ scanned: ScanConfiguration?, _ judges: RuleJudges?, _ showsProgress: Bool
    ) throws -> GateEvidence.Drop {
        let list = InputList(arguments: [path])
        let problem = list.errors.first?.description
        if list.errors.contains(where: { $0.code == .unreadable }) { hasFailedInput = true }
        guard !list.inputs.isEmpty else { return GateEvidence.Drop(problem: problem) }
        guard var scanned else { return digests(of: list, problem) }
        scanned.recordJudge = judges
        let progress = ScanProgress()
        let bar = Terminal.canShowProgress && showsProgress ? ProgressBar(progress, judges?.activity) : nil
        defer { bar?.stop() }
        let report = try scan(scanned, progress: progress).report
        if report.inputs.contains(where: { $0.problem != nil }) { hasFailedInput = true }
        let files = report.inputs.filter { $0.problem == nil || $0.sha256 != nil }.map { input in
            GateEvidence.File(
                path: input.path, recordedPath: Catalogue.storedPath(input.path, in: lineagePath),
                sha256: input.problem == nil ? input.sha256 : nil)
        }
        return GateEvidence.Drop(files: files, scan: report, problem: problem)
    }

    private mutating func digests(of list: InputList, _ listed: String?) -> GateEvidence.Drop {
        var drop = GateEvidence.Drop(problem: listed)
        for input in list.inputs {
            var file = GateEvidence.File(
                path: input.path, recordedPath: Catalogue.storedPath(input.path, in: lineagePath), sha256: nil)
            do throws(InputError) {
                file.sha256 = try storedDigest(of: input)
            } catch {
                hasFailedInput = true
                drop.problem = drop.problem ?? error.description
            }
            drop.files.append(file)
        }
        return drop
    }

    // MARK: - References

    private mutating func distance(of path: String, _ reference: Policy.Reference) -> GateEvidence.Distance {
        let other = GateGathering.path(reference.path.text, from: folder)
        var settings = ComparisonSettings()
        settings.classifier.threads = ProcessInfo.processInfo.activeProcessorCount
        do throws(InputError) {
            let found = try compareDrops([path], [other], settings: settings)
            var distance = GateEvidence.Distance(
                reference: found.reference.files.map { .init(path: $0.path, sha256: $0.digest) })
            switch found.classifier {
            case .unsaid(let reason): distance.problem = reason.text
            case .compared(let result):
                let area = result.record
                distance.auroc = .init(area.value, low: area.interval.low, high: area.interval.high)
                distance.pValue = result.pValue
                distance.told = result.told.prefix(5).map(\.words)
            }
            return distance
        } catch {
            hasFailedInput = true
            return GateEvidence.Distance(problem: error.description)
        }
    }

    // MARK: - Lineage

    private func askLineage(_ drops: [GateEvidence.Drop]) throws -> GateEvidence.Lineage {
        let files = drops.flatMap(\.files)
        let models = policy.models.map(\.name.text) + policy.drops.compactMap { $0.trainBase?.text }
        let catalogue: Catalogue
        do throws(LineageError) {
            catalogue = try Catalogue.open(lineagePath, readOnly: true)
        } catch {
            // One that is there and can't be read is no answer: a policy may allow what is not known.
            guard error.code == .notFound else { throw error }
            return .absent("there is no catalogue at \(lineagePath)")
        }
        let snapshot = try catalogue.snapshot(
            contents: files.compactMap(\.sha256), paths: files.compactMap(\.recordedPath), models: models)
        return .snapshot(snapshot, path: lineagePath)
    }
}

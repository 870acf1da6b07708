// swift-tools-version: 6.3
import PackageDescription

// Imports point down only; siblings of one floor never import each other (docs/architecture.md).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "undertone",
    products: [
        .executable(name: "undertone", targets: ["UndertoneCLI"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        // 5 · wiring
        .executableTarget(
            name: "UndertoneCLI",
            dependencies: [
                "UndertoneScanning", "UndertoneTransfer", "UndertoneJudging", "UndertoneReviewing",
                "UndertoneComparing",
                "UndertoneGating",
                "UndertoneLineage", "UndertoneTraining",
                "UndertoneRulePacks", "UndertoneRules", "UndertoneRecords", "UndertoneReporting", "UndertoneTensors",
                "UndertoneSettings", "UndertoneText", "UndertoneCore", "UndertoneStatistics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // 4 · flows
        library(
            "UndertoneScanning",
            [
                "UndertoneRecords", "UndertoneRules", "UndertoneRulePacks", "UndertoneLineage", "UndertoneReporting",
                "UndertoneText", "UndertoneCore", "UndertoneStatistics", "CUndertone", crypto,
            ]),
        library(
            "UndertoneTransfer",
            [
                "UndertoneTraining", "UndertoneRecords", "UndertoneReporting", "UndertoneSettings", "UndertoneText",
                "UndertoneCore", "UndertoneStatistics", "CDigits", "CTraits",
            ]),
        library(
            "UndertoneJudging",
            [
                "UndertoneRecords", "UndertoneReporting", "UndertoneSettings", "UndertoneText", "UndertoneCore",
                "UndertoneStatistics", "CCurl", .product(name: "GRDB", package: "GRDB.swift"), crypto,
            ]),
        library(
            "UndertoneReviewing",
            [
                "UndertoneRecords", "UndertoneLineage", "UndertoneReporting", "UndertoneText", "UndertoneCore",
                "UndertoneStatistics", "CUndertone", .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"), crypto,
            ]),
        library(
            "UndertoneComparing",
            [
                "UndertoneRecords", "UndertoneReporting", "UndertoneSettings", "UndertoneText", "UndertoneCore",
                "UndertoneStatistics",
            ]),
        library(
            "UndertoneGating",
            [
                "UndertoneLineage", "UndertoneReporting", "UndertoneSettings", "UndertoneText", "UndertoneCore",
                "UndertoneStatistics",
            ]),

        // 3 · stages
        library("UndertoneRecords", ["UndertoneCore", "CSimdJSON", "CUndertone", "CZlib", "CZstd", crypto]),
        library("UndertoneRules", ["UndertoneCore", "CPCRE2", "CUndertone"]),
        library("UndertoneRulePacks", ["UndertoneSettings", "UndertoneCore", "CRulePacks", crypto]),
        library(
            "UndertoneLineage",
            [
                "UndertoneTensors", "UndertoneSettings", "UndertoneText", "UndertoneCore", "UndertoneStatistics",
                "CNumerics", .product(name: "GRDB", package: "GRDB.swift"), crypto,
            ]),
        library(
            "UndertoneTraining", ["UndertoneTensors", "UndertoneText", "CNumerics", crypto]),
        library("UndertoneReporting", ["UndertoneText", "UndertoneCore", "UndertoneStatistics"]),

        // 2 · formats that several stages read
        library("UndertoneSettings", ["UndertoneCore", "UndertoneText", .product(name: "Yams", package: "Yams")]),
        library("UndertoneTensors", ["UndertoneCore", "UndertoneText"]),

        // 1 · values and pure functions
        library("UndertoneCore", []),
        library("UndertoneStatistics", []),
        library("UndertoneText", []),

        // 0 · doors to C
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CRulePacks"),
        .target(name: "CDigits"),
        .target(name: "CNumerics"),
        .target(name: "CTraits"),
        .target(name: "CUndertone"),

        tests("UndertoneCoreTests", ["UndertoneCore"]),
        tests("UndertoneStatisticsTests", ["UndertoneStatistics"]),
        tests("UndertoneRecordsTests", ["UndertoneRecords", "UndertoneCore"]),
        tests("UndertoneRulesTests", ["UndertoneRules", "UndertoneCore"]),
        tests(
            "UndertoneRulePacksTests", ["UndertoneRulePacks", "UndertoneRules", "UndertoneSettings", "UndertoneCore"]),
        tests("UndertoneTrainingTests", ["UndertoneTraining", "UndertoneTensors", "UndertoneCore", "CNumerics"]),
        tests("UndertoneTensorsTests", ["UndertoneTensors", "UndertoneCore"]),
        tests(
            "UndertoneLineageTests",
            ["UndertoneLineage", "UndertoneTensors", "UndertoneText", "UndertoneStatistics", "UndertoneCore"]),
        tests(
            "UndertoneReportingTests", ["UndertoneReporting", "UndertoneText", "UndertoneStatistics", "UndertoneCore"]),
        tests(
            "UndertoneScanningTests",
            [
                "UndertoneScanning", "UndertoneLineage", "UndertoneRulePacks", "UndertoneRules", "UndertoneRecords",
                "UndertoneReporting", "UndertoneStatistics", "UndertoneCore", "CUndertone",
            ]),
        tests(
            "UndertoneJudgingTests",
            [
                "UndertoneJudging", "UndertoneRecords", "UndertoneReporting", "UndertoneText", "UndertoneStatistics",
                "UndertoneCore",
            ]),
        tests(
            "UndertoneReviewingTests",
            ["UndertoneReviewing", "UndertoneLineage", "UndertoneReporting", "UndertoneText", "UndertoneCore"]),
        tests(
            "UndertoneComparingTests",
            ["UndertoneComparing", "UndertoneRecords", "UndertoneText", "UndertoneCore", "UndertoneStatistics"]),
        tests("UndertoneGatingTests", ["UndertoneGating", "UndertoneLineage", "UndertoneReporting", "UndertoneCore"]),
        tests(
            "UndertoneTransferTests",
            [
                "UndertoneTransfer", "UndertoneTraining", "UndertoneReporting", "UndertoneText", "UndertoneCore",
                "UndertoneStatistics", "CDigits",
            ]),
        tests(
            "UndertoneCLITests",
            [
                "UndertoneCLI", "UndertoneLineage", "UndertoneStatistics", "UndertoneCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)

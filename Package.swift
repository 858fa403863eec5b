// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "swift-event-dispatch",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "EventDispatch", targets: ["EventDispatch"]),
        .library(name: "EventDispatchFoundation", targets: ["EventDispatchFoundation"]),
        .library(name: "EventDispatchNATS", targets: ["EventDispatchNATS"]),
        .library(name: "EventDispatchSQLite", targets: ["EventDispatchSQLite"]),
        .library(name: "EventDispatchStore", targets: ["EventDispatchStore"]),
        .library(name: "EventDispatchTesting", targets: ["EventDispatchTesting"]),
        .library(name: "EventDispatchTracing", targets: ["EventDispatchTracing"]),
    ],
    traits: [
        .trait(name: "NATS", description: "EventDispatchNATS, which stores events on NATS JetStream with libnats"),
        .trait(name: "SQLite", description: "EventDispatchSQLite, which stores events with the system's libsqlite3"),
    ],
    targets: [
        .systemLibrary(
            name: "CNATS",
            pkgConfig: "libnats",
            providers: [.apt(["libnats-dev"]), .brew(["cnats"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]
        ),
        .target(name: "CEventDispatch"),
        .target(name: "EventDispatch", dependencies: ["CEventDispatch"]),
        .target(name: "EventDispatchFoundation", dependencies: ["EventDispatch"]),
        .target(name: "EventDispatchStore", dependencies: ["EventDispatch"]),
        .target(
            name: "EventDispatchNATS",
            dependencies: [
                .target(name: "CNATS", condition: .when(traits: ["NATS"])), "EventDispatch", "EventDispatchStore",
            ]
        ),
        .target(
            name: "EventDispatchSQLite",
            dependencies: [
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])), "EventDispatch", "EventDispatchStore",
            ]
        ),
        .target(
            name: "EventDispatchTracing",
            dependencies: ["CEventDispatch", "EventDispatch"],
            resources: [.embedInCode("Page/trace.html")]
        ),
        .target(name: "EventDispatchTesting", dependencies: ["EventDispatch", "EventDispatchTracing"]),
        .target(name: "CAllocationCounter"),
        .target(name: "ProgramSupport"),
        .executableTarget(
            name: "EventDispatchBenchmarks",
            dependencies: ["CAllocationCounter", "EventDispatch", "EventDispatchTracing", "ProgramSupport"]
        ),
        .executableTarget(
            name: "EventDispatchStoreBenchmarks",
            dependencies: [
                .target(name: "CNATS", condition: .when(traits: ["NATS"])),
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])), "EventDispatch", "EventDispatchNATS",
                "EventDispatchSQLite", "EventDispatchStore", "ProgramSupport",
            ]
        ),
        .executableTarget(
            name: "EventDispatchCrashes",
            dependencies: [
                "CMemoryUse", .target(name: "CNATS", condition: .when(traits: ["NATS"])),
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])), "EventDispatch", "EventDispatchNATS",
                "EventDispatchSQLite", "EventDispatchStore", "ProgramSupport", "TestSupport",
            ]
        ),
        .target(name: "CMemoryUse"),
        .executableTarget(
            name: "EventDispatchStress",
            dependencies: ["CMemoryUse", "EventDispatch", "ProgramSupport"]
        ),
        .executableTarget(name: "QuickStart", dependencies: ["EventDispatch"], path: "Examples/QuickStart"),
        .target(name: "AuthLog", dependencies: ["EventDispatch"], path: "Examples/AuthWatch/AuthLog"),
        .executableTarget(
            name: "AuthWatch",
            dependencies: ["AuthLog", "EventDispatch", "EventDispatchTracing"],
            path: "Examples/AuthWatch/AuthWatch"
        ),
        .target(name: "PluginHost", dependencies: ["EventDispatch"], path: "Examples/Plugins/PluginHost"),
        .executableTarget(name: "Plugins", dependencies: ["PluginHost"], path: "Examples/Plugins/Plugins"),
        .target(
            name: "GracefulServer",
            dependencies: ["EventDispatch"],
            path: "Examples/GracefulShutdown/GracefulServer"
        ),
        .executableTarget(
            name: "GracefulShutdown",
            dependencies: ["EventDispatch", "GracefulServer"],
            path: "Examples/GracefulShutdown/GracefulShutdown"
        ),
        .target(
            name: "OrderService",
            dependencies: [
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])), "EventDispatch", "EventDispatchSQLite",
                "EventDispatchStore",
            ],
            path: "Examples/Orders/OrderService"
        ),
        .executableTarget(
            name: "Orders",
            dependencies: [
                .target(name: "EventDispatchNATS", condition: .when(traits: ["NATS"])), "EventDispatchStore",
                "EventDispatchTracing", "OrderService",
            ],
            path: "Examples/Orders/Orders"
        ),
        .target(name: "PluginEvents", dependencies: ["EventDispatch"], path: "Tests/PluginEvents"),
        .target(name: "TestSupport", path: "Tests/Support"),
        .executableTarget(
            name: "TraceSamples",
            dependencies: ["EventDispatch", "EventDispatchStore", "EventDispatchTracing"]
        ),
        .executableTarget(name: "RaceControl", dependencies: ["EventDispatch"], path: "Tests/RaceControl"),
        .testTarget(
            name: "EventDispatchTests",
            dependencies: ["EventDispatch", "EventDispatchTesting", "PluginEvents", "TestSupport"]
        ),
        .testTarget(
            name: "EventDispatchFoundationTests",
            dependencies: ["EventDispatchFoundation", "EventDispatchTesting", "TestSupport"]
        ),
        .testTarget(
            name: "EventDispatchStoreTests",
            dependencies: [
                "EventDispatch", "EventDispatchNATS", "EventDispatchSQLite", "EventDispatchStore",
                "EventDispatchTesting", "ProgramSupport", "TestSupport",
            ]
        ),
        .testTarget(
            name: "EventDispatchNATSTests",
            dependencies: [
                .target(name: "CNATS", condition: .when(traits: ["NATS"])), "EventDispatch", "EventDispatchNATS",
                "EventDispatchStore", "EventDispatchTesting", "TestSupport",
            ]
        ),
        .testTarget(
            name: "EventDispatchSQLiteTests",
            dependencies: [
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])), "EventDispatch", "EventDispatchSQLite",
                "EventDispatchStore", "EventDispatchTesting", "ProgramSupport", "TestSupport",
            ]
        ),
        .testTarget(name: "EventDispatchTestingTests", dependencies: ["EventDispatchTesting"]),
        .testTarget(
            name: "EventDispatchTracingTests",
            dependencies: [
                "EventDispatch", "EventDispatchStore", "EventDispatchTesting", "EventDispatchTracing", "TestSupport",
            ]
        ),
        .testTarget(
            name: "MatchingTests",
            dependencies: ["EventDispatch", "EventDispatchTesting", "ProgramSupport", "TestSupport"]
        ),
        .testTarget(name: "AuthLogTests", dependencies: ["AuthLog", "EventDispatch"]),
        .testTarget(name: "GracefulServerTests", dependencies: ["GracefulServer"]),
        .testTarget(
            name: "OrderServiceTests",
            dependencies: ["EventDispatchSQLite", "EventDispatchStore", "OrderService", "TestSupport"]
        ),
        .testTarget(name: "PluginHostTests", dependencies: ["EventDispatch", "PluginHost"]),
        .testTarget(
            name: "CompileTests",
            dependencies: ["EventDispatch", "EventDispatchStore", "PluginEvents", "TestSupport"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}

struct Soak { init(minutes: Int, _ o: StressOptions, _ f: Findings) {}; func run() async throws {} }

/** What a benchmark found: measured figures, and ratios of two of them, which say the same on any machine. */
export interface BenchResult {
  readonly figures: Readonly<Record<string, number>>
  readonly ratios: Readonly<Record<string, number>>
  /** The same ratios for documents with child tables, where both are measured. */
  readonly ratiosChildren?: Readonly<Record<string, number>>
  /** Whether everything is as it must be, for benchmarks that know. */
  readonly ok?: boolean
}

export interface BenchOptions {
  /** Fewer documents than usual, for a quick look. */
  readonly documents?: number
}

/** One benchmark of `npm run bench`. A file of its own holds it and says what is measured. */
export interface Benchmark {
  /** The word that calls it. */
  readonly name: string
  readonly summary: string
  /** Tells each step before it begins. */
  run(tell: (step: string) => void, options: BenchOptions): Promise<BenchResult>
}

import type { BenchResult } from './benchmark.ts'

export interface BenchReport extends BenchResult {
  readonly benchmark: string
  readonly environment: { readonly node: string; readonly cpus: number }
}

/** Prints a report: a table for people, or one JSON document for programs. */
export function printReport(report: BenchReport, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(report))
    return
  }
  const { benchmark, figures, ratios, ratiosChildren = {}, ok, environment } = report
  console.log(`${benchmark} (Node ${environment.node}, ${environment.cpus} CPUs)`)
  const ofChildren = Object.entries(ratiosChildren).map(
    ([name, value]) => [`${name} (children)`, value] as const,
  )
  for (const [name, value] of [...Object.entries({ ...figures, ...ratios }), ...ofChildren]) {
    console.log(
      `  ${name.padEnd(28)} ${value.toLocaleString('en-US', { maximumFractionDigits: 2 }).padStart(12)}`,
    )
  }
  if (ok !== undefined) console.log(`  ok                           ${ok}`)
}

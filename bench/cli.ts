/**
 * Runs one benchmark and prints its figures. A benchmark that ran ends with 0, whatever it found.
 *
 *   npm run bench -- NAME [--json] [--documents N]
 */
import { cpus } from 'node:os'
import { backfillBenchmark } from './backfill.ts'
import { backfillLiveBenchmark } from './backfill-live.ts'
import { type BenchCall, readBenchCall } from './bench-call.ts'
import type { Benchmark } from './benchmark.ts'
import { chatBenchmark } from './chat.ts'
import { printReport } from './report.ts'
import { standInBenchmark } from './stand-in.ts'
import { verifyBenchmark } from './verify.ts'

const benchmarks: readonly Benchmark[] = [
  backfillBenchmark,
  backfillLiveBenchmark,
  chatBenchmark,
  standInBenchmark,
  verifyBenchmark,
]

async function main(call: BenchCall): Promise<void> {
  if (call.kind === 'help') {
    console.log(call.text)
    return
  }
  if (call.kind === 'misuse') {
    console.error(call.text)
    process.exitCode = 2
    return
  }
  const result = await call.benchmark.run((step) => {
    if (!call.json) console.error(`${call.benchmark.name}: ${step}`)
  }, call)
  const environment = { node: process.version, cpus: cpus().length }
  printReport({ benchmark: call.benchmark.name, ...result, environment }, call.json)
}

await main(readBenchCall(process.argv.slice(2), benchmarks))

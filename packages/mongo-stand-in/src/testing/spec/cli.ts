import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { compareWithKnown } from './compare-with-known.ts'
import { readKnownFailures } from './known-failures.ts'
import { renderReport } from './render-report.ts'
import { runDriverTests } from './run-driver-tests.ts'

/**
 * Runs the official driver tests of a folder (its `run.mjs`) against a stand-in of its own.
 * Exit code: 0 no failure outside the list, 1 failures (or, with --strict, entries that are not needed any more),
 * 2 the run itself was not possible.
 */
const program = new Command('spec')
  .description('Runs the official driver tests of a folder against the stand-in.')
  .argument('<folder>', 'folder that holds run.mjs and its test data')
  .option('--json', 'print the result as JSON')
  .option('--strict', 'fail also when an entry of the list of known failures is not needed any more')
  .exitOverride()

async function main(): Promise<number> {
  const options = program.parse().opts<{ json?: boolean; strict?: boolean }>()
  const folder = resolve(program.args[0] ?? '')
  if (!existsSync(join(folder, 'run.mjs'))) {
    console.error(
      `spec: there is no run.mjs in ${folder}. Name the folder with the driver tests: npm run spec -- DIR`,
    )
    return 2
  }
  const result = compareWithKnown(await runDriverTests(folder), readKnownFailures())
  console.log(options.json === true ? JSON.stringify(result, null, 2) : renderReport(result))
  if (result.unexpected.length > 0) return 1
  return options.strict === true && result.noLongerFailing.length > 0 ? 1 : 0
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (!(error instanceof Error && 'exitCode' in error)) console.error(error)
    process.exitCode = error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2
  },
)

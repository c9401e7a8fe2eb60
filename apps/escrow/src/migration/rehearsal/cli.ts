import { help, parseOptions, type RehearsalOptions, UsageError } from './options.ts'
import { startProgress } from './progress.ts'
import { rehearse } from './rehearse.ts'
import { printReport } from './report.ts'

const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 }

process.exitCode = await main(process.argv.slice(2))

async function main(argv: string[]): Promise<number> {
  let options: RehearsalOptions
  try {
    options = parseOptions(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n`)
    return exitCodes.usage
  }
  if (options.help) {
    process.stdout.write(help)
    return exitCodes.done
  }
  const progress = startProgress()
  try {
    const report = await rehearse(options, progress)
    progress.end()
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report))
    return report.ok ? exitCodes.done : exitCodes.failed
  } catch (error) {
    progress.end()
    process.stderr.write(`${describe(error)}\n`)
    return exitCodes.failed
  }
}

/** The message and what caused it; stacks are for those who ask (DEBUG=1). */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (process.env.DEBUG === '1') return error.stack ?? error.message
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return `${code}${error.message}${error.cause === undefined ? '' : `\n  because: ${describe(error.cause)}`}`
}

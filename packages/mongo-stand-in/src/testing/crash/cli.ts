import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { type RoundReport, runCrashTest } from './crash-test.ts'
import { Violation } from './violation.ts'

/**
 * Kills a stand-in under load again and again, and checks that it has kept what it has acknowledged.
 * Exit code: 0 every rule held, 1 one was broken (the data folder stays), 2 the run itself was not possible.
 */
const program = new Command('crash')
  .description('Kills a stand-in under load and checks what it has kept.')
  .option('--rounds <number>', 'how often it is killed', wholeNumber, 200)
  .option('--seed <number>', 'repeats the choices of an earlier run', wholeNumber)
  .option('--json', 'print the result as JSON')
  .exitOverride()

interface Options {
  rounds: number
  seed?: number
  json?: boolean
}

async function main(): Promise<number> {
  const { rounds, seed = Math.floor(Math.random() * 1e9), json = false } = program.parse().opts<Options>()
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-crash-'))
  const total = { rounds: 0, kills: 0, acknowledged: 0, inDoubt: 0, events: 0 }
  let files = { segments: 0, checkpoints: 0, unfinished: 0 }
  const startedAt = Date.now()
  if (!json) console.log(`crash: ${rounds} rounds with seed ${seed}`)
  const onRound = (report: RoundReport) => {
    total.rounds++
    total.kills += report.kills
    total.acknowledged += report.acknowledged
    total.inDoubt += report.inDoubt
    total.events = report.events
    const { segments, checkpoints, unfinished } = report
    files = { segments, checkpoints, unfinished }
    if (!json) console.log(renderRound(report, rounds))
  }
  const violation = await brokenRule(runCrashTest({ folder, rounds, seed, onRound }))
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10
  const data = violation === undefined ? undefined : folder
  if (data === undefined) rmSync(folder, { recursive: true, force: true })
  if (json) {
    const broken = violation === undefined ? null : { rule: violation.rule, message: violation.message }
    console.log(JSON.stringify({ ...total, ...files, seed, seconds, violation: broken, data }, null, 2))
  } else {
    console.log(`crash: ${JSON.stringify({ ...total, ...files })} in ${seconds} s`)
    if (violation === undefined) console.log('crash: every rule held')
    else
      console.error(
        `crash: broken in round ${total.rounds + 1}: ${violation.message}\ncrash: the data stay in ${data}`,
      )
  }
  return violation === undefined ? 0 : 1
}

async function brokenRule(run: Promise<void>): Promise<Violation | undefined> {
  try {
    await run
    return undefined
  } catch (error) {
    if (error instanceof Violation) return error
    throw error
  }
}

function renderRound(report: RoundReport, rounds: number): string {
  const { round, killedAfterMs, kills, acknowledged, inDoubt, events, checkpoints } = report
  const times = kills === 1 ? '' : `, ${kills} kills`
  return (
    `round ${round}/${rounds}: killed after ${killedAfterMs} ms${times}; ` +
    `${acknowledged} acknowledged, ${inDoubt} in doubt, ${events} events and ${checkpoints} checkpoints so far`
  )
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('A whole number is expected.')
  return number
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const isCommander = error instanceof Error && 'exitCode' in error
    if (!isCommander) console.error(error)
    process.exitCode = isCommander && error.exitCode === 0 ? 0 : 2
  },
)

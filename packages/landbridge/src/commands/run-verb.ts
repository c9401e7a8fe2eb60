import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { pino } from 'pino'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { install } from '../install.ts'
import { type OpenEngine, openEngine } from '../open-engine.ts'
import type { OnProgress } from '../operator-api/input.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts'
import { loadConfig } from './load-config.ts'
import { json } from './print.ts'
import { startProgress } from './progress.ts'

/** Options that every verb has. */
export interface CommonOptions {
  config?: string
  json?: boolean
  as?: string
  quiet?: boolean
}

export interface VerbContext {
  engine: OpenEngine
  /** Who acts: `--as`, else the account's name. */
  actor: string
  onProgress: OnProgress
  signal: AbortSignal
}

export interface VerbResult {
  /** What `--json` prints. */
  data: unknown
  /** What people read. */
  text: string
  exitCode?: ExitCode
}

export interface VerbNeeds {
  /** `lazy` where the verb works without MongoDB too. */
  mongo?: 'connect' | 'lazy'
  /** False for verbs that must not put the engine into a database that it has left. */
  install?: boolean
}

/** Adds the options that every verb has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--config <path>', 'the application’s landbridge.config.ts')
    .option('--as <name>', 'who acts; stands in the audit log (default: your account’s name)')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'no progress on stderr')
}

/** Parse, call, print: what all verbs have in common. Sets the exit code of the process. */
export async function runVerb(
  options: CommonOptions,
  needs: VerbNeeds,
  verb: (context: VerbContext) => Promise<VerbResult>,
): Promise<void> {
  const interrupted = new AbortController()
  const onInterrupt = () => interrupted.abort(new Error('interrupted'))
  process.once('SIGINT', onInterrupt)
  process.once('SIGTERM', onInterrupt)
  const progress = startProgress(options.quiet === true)
  try {
    await using engine = await open(options, needs)
    const actor = options.as ?? accountName()
    const result = await verb({ engine, actor, onProgress: progress.show, signal: interrupted.signal })
    progress.end()
    process.stdout.write(`${options.json === true ? json(result.data) : result.text}\n`)
    process.exitCode = result.exitCode ?? exitCodes.done
  } catch (error) {
    progress.end()
    reportError(error, options.json === true)
    process.exitCode = exitCodeOf(error)
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
    if (interrupted.signal.aborted) process.exitCode = exitCodes.interrupted
  }
}

async function open(options: CommonOptions, needs: VerbNeeds): Promise<OpenEngine> {
  const { landbridge, connections } = await loadConfig(options.config, process.env)
  const engine = await openEngine({
    config: landbridge,
    ...connections,
    nodeName: `operator ${options.as ?? accountName()}`,
    log: pino({ level: process.env.LANDBRIDGE_LOG ?? 'error' }, pino.destination(2)),
    mongo: needs.mongo ?? 'connect',
  })
  try {
    if (needs.install !== false) await install(engine, { mongo: needs.mongo !== 'lazy' })
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

function accountName(): string {
  return process.env.LANDBRIDGE_OPERATOR ?? userInfo().username
}

function reportError(error: unknown, asJson: boolean): void {
  const code = error instanceof LandbridgeError ? error.code : 'LB_UNEXPECTED'
  const message = error instanceof Error ? error.message : String(error)
  if (asJson) {
    const detail = error instanceof LandbridgeError ? error.detail : {}
    process.stdout.write(`${json({ error: { code, message, detail } })}\n`)
  }
  process.stderr.write(`${code}: ${message}\n`)
  if (process.env.LANDBRIDGE_LOG === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`)
}

/** An option that must be a whole number. Throws LB_USAGE. */
export function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value
    throw new LandbridgeError(errorCodes.usage, `${name}: "${text}" is not a whole number`)
  }
}

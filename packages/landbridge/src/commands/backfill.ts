import { type Command, Option } from 'commander'
import type { BackfilledCollection } from '../backfill/backfill.ts'
import { backfill } from '../operator-api/backfill.ts'
import { backfillProgress } from './backfill-progress.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'
import { workerProcesses } from './worker-process.ts'

interface Options extends CommonOptions {
  restart?: boolean
  collection?: string[]
  fromDump?: string
  compare: 'inline' | 'later'
  bulk: boolean
  workers?: number
}

export function addBackfill(program: Command): void {
  withCommonOptions(program.command('backfill'))
    .argument('<unit>')
    .description('copy a unit’s collections into Postgres; goes on where an earlier call stopped')
    .option('--collection <name...>', 'only these collections')
    .option('--restart', 'forget what was copied and begin anew')
    .option('--from-dump <dir>', 'copy from a folder of `mongodump --oplog`, then what changed since')
    .addOption(
      new Option('--compare <when>', 'read every row back before its chunk commits, or leave that to verify')
        .choices(['inline', 'later'])
        .default('inline'),
    )
    .option('--no-bulk', 'keep all indexes while an empty table is filled')
    .option(
      '--workers <number>',
      'worker processes on this machine (default: the configuration’s)',
      wholeNumber('--workers'),
    )
    .addHelpText(
      'after',
      `
Ctrl-C lets the chunks that are being copied finish; workers on other machines go on (landbridge pause stops them all).
Progress goes to stderr, with --json as one JSON object a line.
Exit codes: 0 everything is copied, 1 a chunk failed (call again to try it again), 2 usage, 3 the unit is not mirrored,
130 interrupted.

Examples:
  landbridge backfill user
  landbridge backfill payment --workers 4
  landbridge backfill payment --restart
  landbridge backfill payment --compare later
  landbridge backfill payment --from-dump /backup/monday
  landbridge worker --no-duties              on another machine: helps with the same chunks
  landbridge throttle payment --rate 2000    while it runs`,
    )
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const { restart = false, collection: collections, workers, fromDump, compare, bulk } = options
        const data = await backfill(
          engine,
          { unit, actor, restart, collections, workers, fromDump, compare, bulk },
          {
            signal,
            startWorker: workerProcesses(options),
            onProgress: backfillProgress(options, onProgress),
          },
        )
        const rows = data.collections.map((each) => [
          each.collection,
          each.chunks,
          each.documents,
          each.quarantined,
          outcome(each, signal.aborted),
        ])
        return {
          data,
          text: table(['collection', 'chunks', 'documents', 'quarantined', ''], rows),
          exitCode: data.complete ? exitCodes.done : exitCodes.error,
        }
      }),
    )
}

function outcome(each: BackfilledCollection, interrupted: boolean): string {
  if (each.error !== undefined) {
    return `failed: ${each.error instanceof Error ? each.error.message : String(each.error)}`
  }
  if (each.alreadyDone) return 'was complete; nothing changed'
  return interrupted ? 'interrupted; call again to go on' : 'copied'
}

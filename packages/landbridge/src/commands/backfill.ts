import { type Command, Option } from 'commander'
import { backfill } from '../operator-api/backfill.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  restart?: boolean
  collection?: string[]
  fromDump?: string
  compare: 'inline' | 'later'
  bulk: boolean
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
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge backfill user\n  landbridge backfill payment --restart\n  landbridge backfill payment --compare later\n  landbridge backfill payment --from-dump /backup/monday',
    )
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const input = {
          unit,
          actor,
          restart: options.restart ?? false,
          collections: options.collection,
          fromDump: options.fromDump,
          compare: options.compare,
          bulk: options.bulk,
        }
        const data = await backfill(engine, input, {
          signal,
          onProgress: (progress) =>
            onProgress(
              progress.throttledBy === null
                ? progress.collection
                : `${progress.collection} (waits: ${progress.throttledBy})`,
              progress.documents,
            ),
        })
        const rows = data.collections.map((each) => [
          each.collection,
          each.chunks,
          each.documents,
          each.quarantined,
          each.error !== undefined
            ? `failed: ${each.error instanceof Error ? each.error.message : String(each.error)}`
            : each.alreadyDone
              ? 'was complete; nothing changed'
              : 'copied',
        ])
        return {
          data,
          text: table(['collection', 'chunks', 'documents', 'quarantined', ''], rows),
          exitCode: data.complete ? exitCodes.done : exitCodes.error,
        }
      }),
    )
}

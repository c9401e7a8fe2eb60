import type { Command } from 'commander'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { type RetryReport, retryDocuments } from '../operator-api/quarantine.ts'
import { exitCodes } from './exit-codes.ts'
import { plural, table } from './print.ts'
import { groupsTable } from './quarantine-list.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  signature?: string
  unit?: string
  collection?: string
  all?: boolean
  accepted?: boolean
  dryRun?: boolean
}

export function addQuarantineRetry(quarantine: Command): void {
  withCommonOptions(quarantine.command('retry'))
    .description(
      'map documents again, after the mapping or they themselves were mended; says what became of each',
    )
    .option('--signature <signature>', 'those that wait for this reason')
    .option('--unit <name>', 'those of this unit')
    .option('--collection <name>', 'those of this collection')
    .option('--all', 'all of them')
    .option('--accepted', 'those that were accepted, too')
    .option('--dry-run', 'map the bytes that are kept, and write nothing')
    .addHelpText(
      'after',
      `
Exit code 3 if one of them stays in quarantine.

Examples:
  landbridge quarantine retry --signature 1f3a90c2d4 --dry-run
  landbridge quarantine retry --unit payment`,
    )
    .action((options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const { signature, unit, collection, accepted, dryRun } = options
        if (signature === undefined && unit === undefined && collection === undefined && options.all !== true)
          throw new LandbridgeError(
            errorCodes.usage,
            'name a signature, a unit or a collection, or say --all',
          )
        const data = await retryDocuments(
          engine,
          { actor, signature, unit, collection, unresolvedOnly: accepted !== true, dryRun: dryRun ?? false },
          onProgress,
          signal,
        )
        const { released = 0, gone = 0 } = data.counts
        const wouldMap = data.counts['would-map'] ?? 0
        const isDone = released + gone + wouldMap === data.tried
        return { data, text: describe(data), exitCode: isDone ? exitCodes.done : exitCodes.notReady }
      }),
    )
}

const SHOWN = 50

function describe(report: RetryReport): string {
  if (report.tried === 0) return 'nothing of this waits in quarantine'
  const counts = Object.entries(report.counts).map(([outcome, count]) => `${count} ${outcome}`)
  const rows = report.documents
    .slice(0, SHOWN)
    .map((each) => [
      each.outcome,
      each.collection,
      each.id,
      each.refusal === undefined ? '' : `${each.refusal.path}: ${each.refusal.reason}`,
    ])
  const more = report.documents.length - SHOWN
  return [
    `${plural(report.tried, 'document')} tried again${report.dryRun ? ', nothing written' : ''}: ${counts.join(', ')}`,
    '',
    table(['outcome', 'collection', 'id', 'why'], rows),
    ...(more > 0 ? [`... and ${more} more; --json has all of them`] : []),
    ...(report.waiting.length === 0 || report.dryRun
      ? []
      : ['', 'still waiting:', groupsTable(report.waiting)]),
  ].join('\n')
}

import type { Command } from 'commander'
import { groupQuarantined, listQuarantined, type QuarantineItem } from '../operator-api/quarantine.ts'
import type { QuarantineGroup } from '../quarantine/groups.ts'
import { plural, table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  unit?: string
  collection?: string
  signature?: string
  unresolved?: boolean
  documents?: boolean
  limit: number
}

export function addQuarantineList(quarantine: Command): void {
  withCommonOptions(quarantine.command('list', { isDefault: true }))
    .description('what stands in quarantine, and why: by signature, or each document')
    .option('--unit <name>', 'only this unit')
    .option('--collection <name>', 'only this collection')
    .option('--signature <signature>', 'only what waits for this reason')
    .option('--unresolved', 'only what nobody has accepted')
    .option('--documents', 'each document, instead of one line a signature')
    .option('--limit <n>', 'documents to list', wholeNumber('--limit'), 1_000)
    .addHelpText(
      'after',
      `
A signature is one reason: collection, path (places in arrays as *), code, and the words of the reason.

Examples:
  landbridge quarantine list --unit payment --unresolved
  landbridge quarantine list --signature 1f3a90c2d4 --documents`,
    )
    .action((options: Options) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const { unit, collection, signature, unresolved, limit } = options
        const chosen = { unit, collection, signature, unresolvedOnly: unresolved ?? false }
        if (options.documents === true) {
          const data = await listQuarantined(engine, { ...chosen, limit })
          return { data, text: data.length === 0 ? nothing : documentsTable(data) }
        }
        const data = await groupQuarantined(engine, chosen)
        return { data, text: data.length === 0 ? nothing : groupsTable(data) }
      }),
    )
}

const nothing = 'nothing stands in quarantine'

/** One line a signature, and how many documents there are. */
export function groupsTable(groups: readonly QuarantineGroup[]): string {
  const rows = groups.map((each) => [
    each.signature,
    each.count,
    each.unresolved,
    each.collection,
    each.path,
    each.code,
    each.valueTypes.join(', '),
    each.examples[0],
    each.reason,
  ])
  const header = [
    'signature',
    'count',
    'unresolved',
    'collection',
    'path',
    'code',
    'type',
    'example',
    'reason',
  ]
  const count = groups.reduce((sum, each) => sum + each.count, 0)
  return `${table(header, rows)}\n\n${plural(count, 'document')} for ${plural(groups.length, 'reason')}`
}

function documentsTable(documents: readonly QuarantineItem[]): string {
  const rows = documents.map((each) => [
    each.signature,
    each.collection,
    each.id,
    each.path,
    each.code,
    each.valueType,
    each.acceptedBy === null ? 'unresolved' : `accepted by ${each.acceptedBy}: ${each.acceptedReason}`,
    each.reason,
  ])
  return table(['signature', 'collection', 'id', 'path', 'code', 'type', 'state', 'reason'], rows)
}

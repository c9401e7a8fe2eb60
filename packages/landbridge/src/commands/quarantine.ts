import type { Command } from 'commander'
import {
  acceptDocuments,
  exportDocuments,
  releaseDocument,
  showQuarantined,
} from '../operator-api/quarantine.ts'
import { exitCodes } from './exit-codes.ts'
import { json, plural, table } from './print.ts'
import { addQuarantineList } from './quarantine-list.ts'
import { addQuarantineRetry } from './quarantine-retry.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addQuarantine(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('documents that cannot be mapped exactly: look at them, try them again, accept them')
  addQuarantineList(quarantine)
  addShow(quarantine)
  addQuarantineRetry(quarantine)
  addRelease(quarantine)
  addAccept(quarantine)
  addExport(quarantine)
}

function addShow(quarantine: Command): void {
  withCommonOptions(quarantine.command('show'))
    .argument('<collection>')
    .argument('<id>')
    .description('one document, whole, as canonical EJSON (as base64 where reading it would lose something)')
    .addHelpText('after', '\nExample:\n  landbridge quarantine show payments 65f0c0ffee0000000000abcd')
    .action((collection: string, id: string, options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await showQuarantined(engine, { collection, id })
        return { data, text: data.raw ?? json(data.document) }
      }),
    )
}

function addAccept(quarantine: Command): void {
  withCommonOptions(quarantine.command('accept'))
    .argument('[collection]')
    .argument('[id]')
    .description('accept by name and reason that documents stay behind; their bytes are kept')
    .requiredOption('--reason <text>', 'why')
    .option('--unit <name>', 'every unresolved document of this unit')
    .option('--signature <signature>', 'every unresolved document that waits for this reason')
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge quarantine accept payments 65f0c0ffee0000000000abcd --reason "test payment of 2019"\n  landbridge quarantine accept --signature 1f3a90c2d4 --reason "imports by hand, nothing refers to them"\n  landbridge quarantine accept --unit payment --reason "reviewed with finance" --as maria',
    )
    .action(
      (
        collection: string | undefined,
        id: string | undefined,
        options: CommonOptions & { reason: string; unit?: string; signature?: string },
      ) =>
        runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
          const document = collection !== undefined && id !== undefined ? { collection, id } : undefined
          const { reason, unit, signature } = options
          const data = await acceptDocuments(engine, { actor, reason, document, unit, signature })
          return { data, text: `${plural(data.accepted, 'document')} accepted` }
        }),
    )
}

function addRelease(quarantine: Command): void {
  withCommonOptions(quarantine.command('release'))
    .argument('<collection>')
    .argument('<id>')
    .description('try one document again, after it or its mapping was mended; also in phase postgres')
    .addHelpText('after', '\nExample:\n  landbridge quarantine release payments 65f0c0ffee0000000000abcd')
    .action((collection: string, id: string, options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, actor }) => {
        const data = await releaseDocument(engine, { actor, collection, id })
        const stays =
          data.outcome === 'refused'
            ? `it stays in quarantine: ${data.refusal.path === '' ? '' : `${data.refusal.path}: `}${data.refusal.reason}`
            : data.outcome === 'busy'
              ? 'it stays in quarantine: it could not be tried now; try again'
              : undefined
        return {
          data,
          text: stays ?? (data.outcome === 'gone' ? 'released: MongoDB holds it no more' : 'released'),
          exitCode: stays === undefined ? exitCodes.done : exitCodes.notReady,
        }
      }),
    )
}

interface ExportOptions extends CommonOptions {
  unit?: string
  collection?: string
  signature?: string
  unresolved?: boolean
}

function addExport(quarantine: Command): void {
  withCommonOptions(quarantine.command('export'))
    .argument('<folder>')
    .description('write the documents, byte for byte, and why they wait; overwrites nothing')
    .option('--unit <name>', 'only this unit')
    .option('--collection <name>', 'only this collection')
    .option('--signature <signature>', 'only what waits for this reason')
    .option('--unresolved', 'only what nobody has accepted')
    .addHelpText(
      'after',
      `
<folder>/<collection>.bson holds the documents (\`bsondump\` shows them, \`mongorestore --db DB --collection NAME FILE\`
brings them back), <folder>/<collection>.reasons.json why each waits, in the same order.

Example:
  landbridge quarantine export ./quarantined --unit payment`,
    )
    .action((folder: string, options: ExportOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine, actor, signal }) => {
        const { unit, collection, signature, unresolved } = options
        const input = { actor, folder, unit, collection, signature, unresolvedOnly: unresolved ?? false }
        const data = await exportDocuments(engine, input, signal)
        const rows = data.collections.map((each) => [each.collection, each.documents, each.bytes, each.bson])
        const text =
          rows.length === 0
            ? 'nothing stands in quarantine'
            : table(['collection', 'documents', 'bytes', 'file'], rows)
        return { data, text }
      }),
    )
}

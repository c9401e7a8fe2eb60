import type { Command } from 'commander'
import {
  acceptDocuments,
  listQuarantined,
  releaseDocument,
  showQuarantined,
} from '../operator-api/quarantine.ts'
import { exitCodes } from './exit-codes.ts'
import { json, plural, table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addQuarantine(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('documents that cannot be mapped exactly: look at them, accept them, try them again')
  addList(quarantine)
  addShow(quarantine)
  addAccept(quarantine)
  addRelease(quarantine)
}

function addList(quarantine: Command): void {
  withCommonOptions(quarantine.command('list', { isDefault: true }))
    .description('what stands in quarantine, and why')
    .option('--unit <name>', 'only this unit')
    .option('--collection <name>', 'only this collection')
    .option('--unresolved', 'only what nobody has accepted')
    .addHelpText('after', '\nExample:\n  landbridge quarantine list --unit payment --unresolved')
    .action((options: CommonOptions & { unit?: string; collection?: string; unresolved?: boolean }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const { unit, collection, unresolved } = options
        const data = await listQuarantined(engine, { unit, collection, unresolvedOnly: unresolved ?? false })
        const rows = data.map((each) => [
          each.collection,
          each.id,
          each.path,
          each.code,
          each.valueType,
          each.acceptedBy === null ? 'unresolved' : `accepted by ${each.acceptedBy}: ${each.acceptedReason}`,
          each.reason,
        ])
        const header = ['collection', 'id', 'path', 'code', 'type', 'state', 'reason']
        return { data, text: rows.length === 0 ? 'nothing stands in quarantine' : table(header, rows) }
      }),
    )
}

function addShow(quarantine: Command): void {
  withCommonOptions(quarantine.command('show'))
    .argument('<collection>')
    .argument('<id>')
    .description('one document, whole, as canonical EJSON')
    .addHelpText('after', '\nExample:\n  landbridge quarantine show payments 65f0c0ffee0000000000abcd')
    .action((collection: string, id: string, options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await showQuarantined(engine, { collection, id })
        return { data, text: json(data.document) }
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
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge quarantine accept payments 65f0c0ffee0000000000abcd --reason "test payment of 2019"\n  landbridge quarantine accept --unit payment --reason "reviewed with finance" --as maria',
    )
    .action(
      (
        collection: string | undefined,
        id: string | undefined,
        options: CommonOptions & { reason: string; unit?: string },
      ) =>
        runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
          const document = collection !== undefined && id !== undefined ? { collection, id } : undefined
          const data = await acceptDocuments(engine, {
            actor,
            reason: options.reason,
            document,
            unit: options.unit,
          })
          return { data, text: `${plural(data.accepted, 'document')} accepted` }
        }),
    )
}

function addRelease(quarantine: Command): void {
  withCommonOptions(quarantine.command('release'))
    .argument('<collection>')
    .argument('<id>')
    .description('try a document again, after it or its mapping was mended')
    .addHelpText('after', '\nExample:\n  landbridge quarantine release payments 65f0c0ffee0000000000abcd')
    .action((collection: string, id: string, options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, actor }) => {
        const data = await releaseDocument(engine, { actor, collection, id })
        const released = data.outcome === 'mirrored' || data.outcome === 'deleted'
        return {
          data,
          text: released ? `released: ${data.outcome}` : `it stays in quarantine (${data.outcome})`,
          exitCode: released ? exitCodes.done : exitCodes.notReady,
        }
      }),
    )
}

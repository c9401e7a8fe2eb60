import type { Command } from 'commander'
import { gaps, nearTheLimit } from '../operator-api/gaps.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

export function addGaps(program: Command): void {
  withCommonOptions(program.command('gaps'))
    .argument('[unit]')
    .description('entities whose mirror to Postgres is not confirmed yet')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit'))
    .addHelpText('after', '\nExample:\n  landbridge gaps user')
    .action((unit: string | undefined, options: CommonOptions & { limit?: number }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await gaps(engine, { unit, limit: options.limit })
        const rows = data.map((gap) => [
          gap.unit,
          gap.collection,
          gap.id,
          gap.code,
          gap.attempts,
          gap.since.toISOString(),
        ])
        const header = ['unit', 'collection', 'id', 'code', 'attempts', 'since']
        const open = rows.length === 0 ? 'no gap is open' : table(header, rows)
        const large = (await nearTheLimit(engine, { unit })).map((each) => [
          each.unit,
          each.collection,
          each.legacyId,
          (each.bytes / 1024 / 1024).toFixed(1),
        ])
        const near =
          large.length === 0
            ? []
            : ['', 'near the 16 MB that MongoDB takes:', table(['unit', 'collection', 'id', 'MB'], large)]
        return { data, text: [open, ...near].join('\n') }
      }),
    )
}

import type { Command } from 'commander'
import { audit } from '../operator-api/audit.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

export function addAudit(program: Command): void {
  withCommonOptions(program.command('audit'))
    .argument('[unit]')
    .description('who decided what, and when')
    .option('--limit <n>', 'the newest so many', wholeNumber('--limit'))
    .addHelpText('after', '\nExample:\n  landbridge audit payment --limit 20')
    .action((unit: string | undefined, options: CommonOptions & { limit?: number }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await audit(engine, { unit, limit: options.limit })
        const rows = data.map((row) => [
          row.at.toISOString(),
          row.actor,
          row.action,
          row.unit,
          JSON.stringify(row.detail).slice(0, 160),
        ])
        return { data, text: table(['at', 'who', 'action', 'unit', 'detail'], rows) }
      }),
    )
}

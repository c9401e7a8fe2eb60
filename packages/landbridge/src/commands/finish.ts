import type { Command } from 'commander'
import { finish } from '../operator-api/finish.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addFinish(program: Command): void {
  withCommonOptions(program.command('finish'))
    .description(
      'print the SQL that removes the engine from the database; with --yes run it. Needs no MongoDB',
    )
    .option('--yes', 'run it')
    .addHelpText('after', '\nExamples:\n  landbridge finish > finish.sql\n  landbridge finish --yes')
    .action((options: CommonOptions & { yes?: boolean }) =>
      // Installing first would put back what an earlier call has removed.
      runVerb(options, { mongo: 'lazy', install: false }, async ({ engine }) => {
        const data = await finish(engine, { run: options.yes ?? false })
        const sql = data.sql.map((statement) => `${statement};`).join('\n')
        return { data, text: sql === '' ? data.message : `${sql}\n-- ${data.message}` }
      }),
    )
}

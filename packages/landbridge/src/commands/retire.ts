import type { Command } from 'commander'
import { retire } from '../operator-api/retire.ts'
import { describeChange } from './advance.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addRetire(program: Command): void {
  withCommonOptions(program.command('retire'))
    .argument('<unit>')
    .description('end the way back; the collections stay, renamed and read-only')
    .addHelpText('after', '\nExample:\n  landbridge retire user')
    .action((unit: string, options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, actor, onProgress }) => {
        const data = await retire(engine, { unit, actor }, onProgress)
        if (data.kind === 'nothing-to-do') return { data, text: data.message }
        const change = data.change === null ? `${unit} was retired already` : describeChange(data.change)
        const kept = `kept in MongoDB, read-only, until you drop them by name: ${data.renamed.join(', ')}`
        return { data, text: data.renamed.length === 0 ? change : `${change}\n${kept}` }
      }),
    )
}

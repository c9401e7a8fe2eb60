import type { Command } from 'commander'
import { reconcile } from '../operator-api/reconcile.ts'
import { exitCodes } from './exit-codes.ts'
import { plural } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addReconcile(program: Command): void {
  withCommonOptions(program.command('reconcile'))
    .argument('[unit]')
    .description('try every open gap now')
    .addHelpText('after', '\nExamples:\n  landbridge reconcile\n  landbridge reconcile user')
    .action((unit: string | undefined, options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, signal }) => {
        const data = await reconcile(engine, { unit }, signal)
        const text = `${data.mirrored} mirrored, ${data.deleted} deleted, ${data.quarantined} quarantined, ${plural(data.left, 'gap')} left`
        return { data, text, exitCode: data.left === 0 ? exitCodes.done : exitCodes.notReady }
      }),
    )
}

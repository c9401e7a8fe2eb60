import type { Command } from 'commander'
import { pause } from '../operator-api/pause.ts'
import { allUnits } from '../throttle/throttle-settings.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addPause(program: Command): void {
  withCommonOptions(program.command('pause'))
    .argument('[unit]', 'all units unless one is named')
    .description('stop backfill and verify on all machines until landbridge resume')
    .option('--reason <text>', 'why; shown wherever they wait')
    .addHelpText(
      'after',
      `
Chunks that are being copied finish, none is begun. Workers stay and wait.
Exit codes: 0 done (also when it was paused before), 1 error, 2 usage.

Examples:
  landbridge pause payment --reason "sale of the year"
  landbridge pause`,
    )
    .action((unit: string | undefined, options: CommonOptions & { reason?: string }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
        const data = await pause(engine, { unit, actor, reason: options.reason })
        const scope = data.unit === allUnits ? 'all units' : data.unit
        return { data, text: `${scope}: ${data.changed ? 'paused' : 'was paused already; nothing changed'}` }
      }),
    )
}

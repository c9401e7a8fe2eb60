import type { Command } from 'commander'
import { resume } from '../operator-api/resume.ts'
import { allUnits } from '../throttle/throttle-settings.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addResume(program: Command): void {
  withCommonOptions(program.command('resume'))
    .argument('[unit]', 'the pause of all units unless one is named')
    .description('let backfill and verify go on after landbridge pause')
    .addHelpText(
      'after',
      `
Workers that wait go on within a second; where none runs, landbridge backfill goes on where it stopped.
Exit codes: 0 done (also when nothing was paused), 1 error, 2 usage.

Examples:
  landbridge resume payment
  landbridge resume`,
    )
    .action((unit: string | undefined, options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
        const data = await resume(engine, { unit, actor })
        const scope = data.unit === allUnits ? 'all units' : data.unit
        const still =
          data.stillPausedBecause === null
            ? ''
            : `\nall units are paused: ${data.stillPausedBecause}; landbridge resume lets them go on`
        return {
          data,
          text: `${scope}: ${data.changed ? 'goes on' : 'was not paused; nothing changed'}${still}`,
        }
      }),
    )
}

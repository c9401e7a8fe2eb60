import type { Command } from 'commander'
import { doctor } from '../operator-api/doctor.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addDoctor(program: Command): void {
  withCommonOptions(program.command('doctor'))
    .description('privileges, replica set, standbys, triggers, fences, foreign keys, indexes')
    .option('--repair', 'first do again what can be done at any time')
    .addHelpText('after', '\nExamples:\n  landbridge doctor\n  landbridge doctor --repair')
    .action((options: CommonOptions & { repair?: boolean }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
        const data = await doctor(engine, { actor, repair: options.repair ?? false })
        const rows = data.checks.map((check) => [check.level, check.check, check.found, check.remedy])
        const repaired = data.repaired.length === 0 ? '' : `\n\nrepaired: ${data.repaired.join(', ')}`
        return {
          data,
          text: `${table(['', 'check', 'found', 'do'], rows)}${repaired}`,
          exitCode: data.ok ? exitCodes.done : exitCodes.notReady,
        }
      }),
    )
}

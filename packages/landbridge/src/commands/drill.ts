import type { Command } from 'commander'
import { type Drilled, drill } from '../operator-api/drill.ts'
import { describeDryRun } from './advance.ts'
import { exitCodes } from './exit-codes.ts'
import { plural, table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  limit?: number
  live?: boolean
  seconds?: number
}

export function addDrill(program: Command): void {
  withCommonOptions(program.command('drill'))
    .argument('<unit>')
    .description('rehearse the way back on scratch collections, and time a dry fence in both directions')
    .option('--limit <n>', 'rebuild at most so many entities of each collection', wholeNumber('--limit'))
    .option('--live', 'in a rehearsal only: really go to Postgres and back under live writes')
    .option('--seconds <n>', 'how long a live drill stays on Postgres', wholeNumber('--seconds'))
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge drill payment\n  landbridge drill payment --live --seconds 10',
    )
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const { limit, seconds } = options
        const input = { unit, actor, limit, seconds, live: options.live ?? false }
        const data = await drill(engine, input, onProgress, signal)
        return {
          data,
          text: describe(data),
          exitCode: data.drill.ok ? exitCodes.done : exitCodes.differences,
        }
      }),
    )
}

function describe(drilled: Drilled): string {
  const { drill: report } = drilled
  const head = `${report.unit}: the drill ${report.ok ? 'passed' : 'FAILED'} in ${report.ms} ms`
  if (drilled.kind === 'live') {
    const { pausesMs, compared, differences } = drilled.drill
    return `${head}\nwrites waited for ${pausesMs[0]} ms there and ${pausesMs[1]} ms back; ${compared} entities compared, ${differences} differ`
  }
  const { collections, failures, fences } = drilled.drill
  return [
    head,
    table(
      ['collection', 'entities'],
      collections.map((each) => [each.collection, each.entities]),
    ),
    ...fences.map((fence) => `to ${fence.to}: ${describeDryRun(fence)}`),
    ...(failures.length === 0
      ? []
      : [
          '',
          plural(failures.length, 'failure'),
          ...failures.slice(0, 20).map((each) => `${each.collection} ${each.id}: ${each.reason}`),
        ]),
  ].join('\n')
}

import type { Command } from 'commander'
import { shadow } from '../operator-api/shadow.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addShadow(program: Command): void {
  withCommonOptions(program.command('shadow'))
    .argument('<unit>')
    .description('shadow reads by repository method: how many, how equal, how fast')
    .addHelpText('after', '\nExample:\n  landbridge shadow user')
    .action((unit: string, options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await shadow(engine, { unit })
        const rows = data.methods.map((each) => [
          each.method,
          each.reads,
          each.mismatches,
          each.authorityP95.toFixed(1),
          each.otherP95.toFixed(1),
          each.lastMismatch === null ? '' : each.lastMismatch.map((difference) => difference.path).join(', '),
        ])
        const header = [
          'method',
          'reads',
          'mismatches',
          'authority p95 ms',
          'other p95 ms',
          'last mismatch in',
        ]
        return {
          data,
          text: data.methods.length === 0 ? `no shadow read of ${unit} yet` : table(header, rows),
          exitCode: data.mismatches > 0 ? exitCodes.differences : exitCodes.done,
        }
      }),
    )
}

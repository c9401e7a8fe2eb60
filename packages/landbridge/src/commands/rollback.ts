import type { Command } from 'commander'
import { rollback } from '../operator-api/rollback.ts'
import { describeChange, describeDryRun } from './advance.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  to?: 'mongo' | 'mirror' | 'shadow'
  reason: string
  leave?: string[]
  dryRun?: boolean
}

export function addRollback(program: Command): void {
  withCommonOptions(program.command('rollback'))
    .argument('<unit>')
    .description('take a unit back: from postgres to shadow unless told otherwise')
    .requiredOption('--reason <text>', 'why; stands in the audit log')
    .option('--to <phase>', 'mongo, mirror or shadow')
    .option('--leave <id...>', 'entities that MongoDB refuses: they stay whole in quarantine')
    .option('--dry-run', 'do every reading step of the real one and time it')
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge rollback user --reason "p95 doubled"\n  landbridge rollback user --to mongo --reason "the mapping changes"\n  landbridge rollback user --leave 65f0c0ffee0000000000abcd --reason "past 16 MB"',
    )
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress }) => {
        const { reason, to } = options
        const input = { unit, actor, reason, to, leave: options.leave ?? [], dryRun: options.dryRun ?? false }
        const data = await rollback(engine, input, onProgress)
        if (data.kind === 'nothing-to-do') return { data, text: data.message }
        if (data.kind === 'dry-run') {
          const fence = data.fence === null ? 'no write has to wait' : describeDryRun(data.fence)
          return { data, text: `${unit}: ${data.from} -> ${data.to}, dry: ${fence}` }
        }
        const cleared = data.cleared ? '\nchunks, gaps, quarantine, watermark and evidence were cleared' : ''
        return { data, text: `${describeChange(data.change)}${cleared}` }
      }),
    )
}

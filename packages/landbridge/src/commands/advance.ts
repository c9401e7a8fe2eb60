import type { Command } from 'commander'
import type { PhaseChange } from '../fence/change-phase.ts'
import type { DryRun } from '../fence/dry-run.ts'
import { advance } from '../operator-api/advance.ts'
import type { Phase } from '../phase.ts'
import { describeGates } from './gates.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  to?: Phase
  dryRun?: boolean
}

export function addAdvance(program: Command): void {
  withCommonOptions(program.command('advance'))
    .argument('<unit>')
    .description('take a unit one step up, if every gate is met or waived')
    .option('--to <phase>', 'only if this is the next phase; nothing happens when the unit is there already')
    .option('--dry-run', 'do every reading step of the real one and time it')
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge advance user\n  landbridge advance user --to postgres --dry-run',
    )
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress }) => {
        const input = { unit, actor, to: options.to, dryRun: options.dryRun ?? false }
        const data = await advance(engine, input, onProgress)
        if (data.kind === 'nothing-to-do') return { data, text: data.message }
        if (data.kind === 'advanced') return { data, text: describeChange(data.change) }
        const fence = data.fence === null ? 'no write has to wait' : describeDryRun(data.fence)
        return {
          data,
          text: `${describeGates(data.gates)}\n\n${unit}: ${data.from} -> ${data.to}, dry: ${fence}`,
        }
      }),
    )
}

export function describeChange(change: PhaseChange): string {
  const lines = [`${change.unit}: ${change.from} -> ${change.to} (epoch ${change.epoch})`]
  if (change.pauseMs !== null) {
    lines.push(
      `writes waited for ${change.pauseMs} ms at most; ${change.compared} entities compared inside the fence`,
    )
    lines.push(change.steps.map((time) => `${time.step} ${time.ms} ms`).join(', '))
  }
  for (const left of change.left) lines.push(`left behind: ${left.collection} ${left.entity}`)
  for (const rest of change.unfinished) lines.push(`the nodes go on with: ${rest}`)
  return lines.join('\n')
}

export function describeDryRun(fence: DryRun): string {
  const steps = fence.steps.map((time) => `${time.step} ${time.ms} ms`).join(', ')
  return `the pause would be at least ${fence.pauseAtLeastMs} ms; ${fence.gaps} gaps, ${fence.outbox} changes waiting (${steps})`
}

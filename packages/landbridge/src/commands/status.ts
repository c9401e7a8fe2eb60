import type { Command } from 'commander'
import { span } from '../gates/gate.ts'
import { describeLag, type Status, status } from '../operator-api/status.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

export function addStatus(program: Command): void {
  withCommonOptions(program.command('status'))
    .description('phase, lag, gaps and the next step of every unit')
    .option(
      '--max-lag <seconds>',
      'exit with 5 if the change stream is further behind',
      wholeNumber('--max-lag'),
    )
    .addHelpText('after', '\nExamples:\n  landbridge status\n  landbridge status --json --max-lag 10')
    .action((options: CommonOptions & { maxLag?: number }) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await status(engine)
        const behind = data.capture?.behindSeconds ?? 0
        const late = options.maxLag !== undefined && behind > options.maxLag
        return { data, text: describe(data), exitCode: late ? exitCodes.lag : exitCodes.done }
      }),
    )
}

function describe(data: Status): string {
  const rows = data.units.map((unit) => [
    unit.name,
    unit.phase,
    unit.status === 'open' ? unit.authority : unit.status,
    describeBackfill(unit.backfill),
    unit.gaps.open === 0 ? '0' : `${unit.gaps.open} (${span(unit.gaps.oldestMs)})`,
    unit.outbox.rows === 0 ? '0' : `${unit.outbox.rows} (${span(unit.outbox.oldestMs)})`,
    unit.quarantine.total === 0 ? '0' : `${unit.quarantine.total} (${unit.quarantine.unresolved} unresolved)`,
    unit.differences,
    unit.next,
  ])
  const duties = data.duties.map((duty) => `${duty.name}: ${duty.node ?? 'a node that is gone'}`).join(', ')
  return [
    table(
      ['unit', 'phase', 'authority', 'chunks', 'gaps', 'outbox', 'quarantine', 'differences', 'next'],
      rows,
    ),
    '',
    `change stream: ${describeLag(data.capture)}; duties: ${duties === '' ? 'nobody does any' : duties}`,
    ...data.units.flatMap(({ name, large }) =>
      large.documents === 0
        ? []
        : [
            `${name}: ${large.documents} documents near the 16 MB that MongoDB takes; see \`landbridge gaps\``,
          ],
    ),
    ...data.units.flatMap(({ name, backfill }) =>
      backfill === null || backfill.throttledBy === null
        ? []
        : [`${name}: the backfill waits: ${backfill.throttledBy}`],
    ),
    `nodes: ${data.nodes.live} live, ${data.nodes.dead} dead; build ${data.build}`,
  ].join('\n')
}

/** "3/12 chunks, 25 %, 1200/s, 3 m left". */
function describeBackfill(backfill: Status['units'][number]['backfill']): string {
  if (backfill === null) return '-'
  const { done, chunks, percent, documentsPerSecond, remainingSeconds } = backfill
  if (percent === 100) return `${done}/${chunks}`
  const left = remainingSeconds === null ? '' : `, ${span(remainingSeconds * 1_000)} left`
  return `${done}/${chunks}, ${percent} %, ${documentsPerSecond}/s${left}`
}

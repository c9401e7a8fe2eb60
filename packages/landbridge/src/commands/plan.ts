import type { Command } from 'commander'
import { type PlannedUnit, plan } from '../operator-api/plan.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addPlan(program: Command): void {
  withCommonOptions(program.command('plan'))
    .description('the units in the order that their references ask for')
    .addHelpText('after', '\nExample:\n  landbridge plan')
    .action((options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await plan(engine)
        return { data, text: describe(data) }
      }),
    )
}

function describe(units: readonly PlannedUnit[]): string {
  const rows = units.map((unit, at) => [
    at + 1,
    unit.name,
    unit.kind,
    unit.phase,
    unit.collections.length,
    unit.collections.reduce((sum, each) => sum + each.tables, 0),
    unit.collections.reduce((sum, each) => sum + (each.documents ?? 0), 0),
    unit.pointsInto.join(', ') || '-',
  ])
  const notes = units.flatMap((unit) => unit.notes.map((note) => `${unit.name}: ${note}`))
  const header = ['', 'unit', 'kind', 'phase', 'collections', 'tables', 'documents', 'points into']
  return [table(header, rows), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')
}

import type { Command } from 'commander'
import { type Preflight, preflight } from '../operator-api/preflight.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addPreflight(program: Command): void {
  withCommonOptions(program.command('preflight'))
    .argument('<unit>')
    .description('what Postgres will not take as it is, before anything moves; freezes the schema (gate 1)')
    .addHelpText('after', '\nExample:\n  landbridge preflight payment')
    .action((unit: string, options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const data = await preflight(engine, { unit, actor }, onProgress, signal)
        return { data, text: describe(data) }
      }),
    )
}

function describe(result: Preflight): string {
  const head = `${result.documents} documents of ${result.unit} looked at, schema ${result.schema}`
  if (result.findings.length === 0) return `${head}: everything fits its column`
  const rows = result.findings.map((each) => [
    each.count,
    each.outcome,
    each.collection,
    each.path,
    each.code,
    each.valueType,
    each.example,
  ])
  return `${head}\n\n${table(['count', 'goes to', 'collection', 'path', 'why', 'type', 'for example'], rows)}`
}

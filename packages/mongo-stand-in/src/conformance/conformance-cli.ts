#!/usr/bin/env node
import { Command } from 'commander'
import { startStandIn } from '../index.ts'
import { allCases } from './cases/index.ts'
import { type Difference, runTable } from './run-table.ts'

/**
 * Runs the conformance table and prints the differences: against the stand-in, or with --url against any server. Who has
 * a mongod 8.0 (a replica set of one is enough) checks the table itself:
 *
 *   npm run conformance -- --url mongodb://127.0.0.1:27017/?replicaSet=rs0
 *
 * It uses a database of its own, which it drops. Exit code 1 if a case is not kept.
 */
const program = new Command('conformance')
  .description('Runs the table of what MongoDB documents against a server.')
  .option('--url <url>', 'connection string; the stand-in is started without it')
  .option('--only <text>', 'only cases whose name contains this')
  .option('--json', 'one JSON document instead of text')

async function main(): Promise<void> {
  const { url, only = '', json } = program.parse().opts<{ url?: string; only?: string; json?: boolean }>()
  const cases = allCases.filter(({ name }) => name.includes(only))
  const standIn = url === undefined ? await startStandIn() : undefined
  const differences: Difference[] = []
  try {
    for await (const difference of runTable(url ?? standIn?.url ?? '', cases, 20)) {
      differences.push(difference)
      if (json !== true) console.log(described(difference))
    }
  } finally {
    await standIn?.close()
  }
  if (json === true)
    console.log(JSON.stringify({ cases: cases.length, differences: differences.map(asJson) }))
  else console.log(`${cases.length} cases, ${differences.length} not kept`)
  if (differences.length > 0) process.exitCode = 1
}

function described({ case: one, verdict, failure }: Difference): string {
  const came = failure === undefined ? (verdict?.actual ?? []) : [failure.message]
  return [
    `${one.name}`,
    `  ${one.page}: ${one.says}`,
    ...(verdict?.expected ?? []).map((line) => `  expected  ${line}`),
    ...came.map((line) => `  came      ${line}`),
  ].join('\n')
}

function asJson({ case: one, verdict, failure }: Difference) {
  return { name: one.name, page: one.page, ...verdict, failure: failure?.message }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})

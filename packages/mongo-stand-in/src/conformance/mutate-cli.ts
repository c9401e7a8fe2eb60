#!/usr/bin/env node
import { Command } from 'commander'
import { allCases } from './cases/index.ts'
import { MUTATIONS, type Mutation } from './mutations.ts'
import { HANG_SECONDS, type MutationResult, runMutation } from './run-mutation.ts'

/**
 * The proof that the conformance table notices: spoils one rule of the stand-in at a time and runs the table against the
 * spoiled server, two at a time. Each must be caught by a case. Exit code 1 if one survives, 2 if the run itself fails.
 *
 *   npm run mutate -- [--only name] [--json]
 */
const program = new Command('mutate')
  .description('Spoils one rule of the stand-in at a time; the conformance table must notice each.')
  .option('--only <text>', 'only mutations whose name contains this')
  .option('--json', 'one JSON document instead of text')

async function main(): Promise<void> {
  const { only = '', json } = program.parse().opts<{ only?: string; json?: boolean }>()
  const chosen = MUTATIONS.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new Error(`No mutation's name contains "${only}"`)
  const { caughtBy } = await runMutation(undefined, allCases)
  if (caughtBy !== undefined) throw new Error(`The stand-in as it is does not keep "${caughtBy}"`)
  const results = await twoAtATime(chosen, async (mutation) => {
    const result = await runMutation(mutation, allCases)
    if (json !== true) console.log(described(result))
    return result
  })
  const survivors = results.filter((result) => result.caughtBy === undefined)
  if (json === true) console.log(JSON.stringify({ mutations: results.length, survivors, results }))
  else console.log(`${results.length} mutations, ${survivors.length} survived`)
  if (survivors.length > 0) process.exitCode = 1
}

function described({ mutation, caughtBy, how }: MutationResult): string {
  if (caughtBy === undefined) return `SURVIVED  ${mutation}`
  const timeout = how === 'timeout' ? ` (no answer in ${HANG_SECONDS} s)` : ''
  return `caught    ${mutation}\n          by ${caughtBy}${timeout}`
}

async function twoAtATime(
  mutations: readonly Mutation[],
  run: (mutation: Mutation) => Promise<MutationResult>,
): Promise<MutationResult[]> {
  const results: MutationResult[] = []
  const waiting = mutations.values()
  const worker = async () => {
    for (const mutation of waiting) results.push(await run(mutation))
  }
  await Promise.all([worker(), worker()])
  return results
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `mutate: ${error.message}` : error)
  process.exitCode = 2
})

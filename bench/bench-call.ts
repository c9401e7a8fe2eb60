import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'

/** What a command line asks for. */
export type BenchCall =
  | { kind: 'run'; benchmark: Benchmark; json: boolean; documents?: number }
  | { kind: 'help'; text: string }
  | { kind: 'misuse'; text: string }

/** Reads `NAME [--json] [--documents N]` or `--help`; anything else is a misuse, with a text that says what can be called. */
export function readBenchCall(args: readonly string[], benchmarks: readonly Benchmark[]): BenchCall {
  let parsed: { values: { json?: boolean; help?: boolean; documents?: string }; positionals: string[] }
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        documents: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error), benchmarks)
  }
  const { values, positionals } = parsed
  if (values.help === true) return { kind: 'help', text: usage(benchmarks) }
  const [name, ...rest] = positionals
  if (name === undefined) return misuse('Which benchmark?', benchmarks)
  const benchmark = benchmarks.find((known) => known.name === name)
  if (benchmark === undefined) return misuse(`There is no benchmark '${name}'.`, benchmarks)
  if (rest.length > 0) return misuse(`One benchmark at a time: '${rest.join(' ')}' is too much.`, benchmarks)
  const documents = values.documents === undefined ? undefined : Number(values.documents)
  if (documents !== undefined && !(Number.isInteger(documents) && documents > 0)) {
    return misuse(`--documents is a number of documents, not '${values.documents}'.`, benchmarks)
  }
  return { kind: 'run', benchmark, json: values.json === true, ...(documents !== undefined && { documents }) }
}

function misuse(problem: string, benchmarks: readonly Benchmark[]): BenchCall {
  return { kind: 'misuse', text: `${problem}\n\n${usage(benchmarks)}` }
}

function usage(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length))
  const lines = benchmarks.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'Usage: npm run bench -- NAME [--json] [--documents N]',
    '',
    ...lines,
    '',
    '--json prints one JSON document instead of a table; --documents asks for fewer documents than usual.',
  ].join('\n')
}

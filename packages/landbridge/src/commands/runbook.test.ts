import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorCodes } from '../errors.ts'

const here = new URL('./', import.meta.url)
const docs = new URL('../../../../docs/', import.meta.url)
const pages = ['adopting.md', ...readdirSync(new URL('runbook/', docs)).map((name) => `runbook/${name}`)].map(
  (name) => ({ name, text: readFileSync(new URL(name, docs), 'utf8') }),
)

it('every error code stands in the runbook', () => {
  const runbook = pages.map((page) => page.text).join('\n')
  expect(Object.values(errorCodes).filter((code) => !runbook.includes(code))).toEqual([])
})

it.each(pages)('$name uses verbs and options that exist', ({ text }) => {
  const unknown: string[] = []
  // `landbridge verb ...` in a code span, or on a line of a block; the comment behind it is not part of it.
  for (const [call, verb, rest] of text.matchAll(/(?<=`|^\$ |^)landbridge ([a-z]+)([^`\n#]*)/gm)) {
    const source = existsSync(new URL(`${verb}.ts`, here)) ? optionsOf(verb ?? '') : undefined
    const options = (rest ?? '').match(/--[a-z-]+/g) ?? []
    if (source === undefined || options.some((option) => !source.has(option))) unknown.push(call)
  }
  expect(unknown).toEqual([])
})

/** Those of the verb's file, of the files that its subcommands have, and of every verb. */
function optionsOf(verb: string): Set<string> {
  const files = readdirSync(here).filter((name) => name === `${verb}.ts` || name.startsWith(`${verb}-`))
  const source = [...files, 'run-verb.ts'].map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n')
  const declared = [...source.matchAll(/[oO]ption\(\s*'(--[a-z-]+)/g)].flatMap(([, option]) => option ?? [])
  return new Set(declared)
}

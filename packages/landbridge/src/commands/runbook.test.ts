import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorCodes } from '../errors.ts'

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
    const file = new URL(`${verb}.ts`, import.meta.url)
    const source = existsSync(file) ? optionsOf(file) : undefined
    const options = (rest ?? '').match(/--[a-z-]+/g) ?? []
    if (source === undefined || options.some((option) => !source.has(option))) unknown.push(call)
  }
  expect(unknown).toEqual([])
})

function optionsOf(file: URL): Set<string> {
  const shared = readFileSync(new URL('run-verb.ts', import.meta.url), 'utf8')
  const declared = [
    ...`${readFileSync(file, 'utf8')}${shared}`.matchAll(/[oO]ption\(\s*'(--[a-z-]+)/g),
  ].flatMap(([, option]) => option ?? [])
  return new Set(declared)
}

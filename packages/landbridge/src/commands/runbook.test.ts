import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorCodes } from '../errors.ts'

const here = new URL('./', import.meta.url)
const docs = new URL('../../../../docs/', import.meta.url)
const names = ['../README.md', '../CONTRIBUTING.md', 'adopting.md', 'configuration.md']
const runbook = readdirSync(new URL('runbook/', docs)).map((name) => `runbook/${name}`)
const pages = [...names, ...runbook].map((name) => ({
  name,
  text: readFileSync(new URL(name, docs), 'utf8'),
}))
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../package.json', docs), 'utf8'),
)

it('every error code stands in the runbook', () => {
  const text = pages.map((page) => page.text).join('\n')
  expect(Object.values(errorCodes).filter((code) => !text.includes(code))).toEqual([])
})

it.each(pages)('$name uses verbs and options that exist', ({ text }) => {
  const unknown: string[] = []
  // `landbridge verb ...` in a code span, or on a line of a block; the comment behind it is not part of it.
  for (const [call, verb, rest] of text.matchAll(/(?<=`|^\$ |^|npx )landbridge ([a-z]+)([^`\n#]*)/gm)) {
    const source = existsSync(new URL(`${verb}.ts`, here)) ? optionsOf(verb ?? '') : undefined
    const options = (rest ?? '').match(/--[a-z-]+/g) ?? []
    if (source === undefined || options.some((option) => !source.has(option))) unknown.push(call)
  }
  expect(unknown).toEqual([])
})

it.each(pages)('$name runs scripts and files that exist', ({ text }) => {
  const called = [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, script = '']) => script)
  expect(called.filter((script) => !(script in scripts))).toEqual([])
  const files = [...text.matchAll(/\bnode ((?:apps|packages|tools|bench)\/\S+\.ts)/g)].map(
    ([, file = '']) => file,
  )
  expect(files.filter((file) => !existsSync(new URL(`../${file}`, docs)))).toEqual([])
})

it('every page of the runbook stands in its index, and every link leads somewhere', () => {
  const index = readFileSync(new URL('runbook/README.md', docs), 'utf8')
  expect(runbook.filter((name) => !index.includes(name.replace('runbook/', '')))).toEqual([
    'runbook/README.md',
  ])
  const broken = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].flatMap(([, target = '']) =>
      existsSync(new URL(target, new URL(name, docs))) ? [] : `${name}: ${target}`,
    ),
  )
  expect(broken).toEqual([])
})

/** Those of the verb's file, of the files that its subcommands have, and of every verb. */
function optionsOf(verb: string): Set<string> {
  const files = readdirSync(here).filter((name) => name === `${verb}.ts` || name.startsWith(`${verb}-`))
  const source = [...files, 'run-verb.ts'].map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n')
  const declared = [...source.matchAll(/[oO]ption\(\s*'(--[a-z-]+)/g)].flatMap(([, option]) => option ?? [])
  return new Set(declared)
}

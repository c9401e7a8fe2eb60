import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { seedVariables } from '../../seed/seed-config.ts'
import { configVariables } from '../platform/config.ts'
import { migrationVariables } from './migration-config.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const schemas: Record<string, unknown> = { ...configVariables, ...seedVariables, ...migrationVariables }

/** Every row of the page's tables: the variable and its default. */
const rows = [
  ...readFileSync(`${root}docs/configuration.md`, 'utf8').matchAll(
    /^\| `([A-Z_]+)`\s*\|\s*(?:`([^`]*)`)?([^|]*)\|/gm,
  ),
].map(([, name = '', value, words = '']) => ({ name, value, words: words.trim() }))

it('every variable that something reads stands on the page once, and no other', () => {
  const sources = globSync(['{apps,packages,tools,bench}/**/*.ts', 'vitest.config.ts'], {
    cwd: root,
    exclude: (name) => name.includes('node_modules'),
  })
  const read = sources.flatMap((file) =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(/process\.env\.([A-Z_]+)/g)].map(([, name]) => name),
  )
  const wanted = new Set([...Object.keys(schemas), ...read])
  // Of the system, not ours.
  wanted.delete('PATH')
  expect(rows.map(({ name }) => name).sort()).toEqual([...wanted].sort())
})

it('every default is the one of the code', () => {
  const wrong = rows.filter(({ name, value, words }) => {
    if (!(name in schemas)) return false
    const inCode = schemas[name]
    if (inCode === undefined) return !words.startsWith('none')
    if (String(inCode).startsWith('development-only')) return words !== 'development only'
    return value !== String(inCode) && !(name === 'NODE_NAME' && value === 'escrow-')
  })
  expect(wrong).toEqual([])
})

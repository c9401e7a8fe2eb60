import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { dirtPage } from './dirt-page.ts'

it('is the page of the runbook: node apps/escrow/seed/legacy/dirt-page.ts > docs/runbook/dirt.md', () => {
  const page = readFileSync(new URL('../../../../docs/runbook/dirt.md', import.meta.url), 'utf8')
  expect(page).toBe(dirtPage())
})

/**
 * Writes the table of dirt as a page for people:  node apps/escrow/seed/legacy/dirt-page.ts > docs/runbook/dirt.md
 */

import { type DirtRow, everywhere } from './dirt-table/dirt-row.ts'
import { dirtTable } from './dirt-table.ts'

const head = `# Dirt: what old documents look like, and what becomes of it

Every kind of dirt that the generated legacy data has, in its share of the collection's documents, and what the move
makes of it: *exact*, it lies in its column and comes back as it was; *extra*, the values at the paths are kept in the
row's \`extra\`, with the reason; *external*, the reference is kept as text; *quarantine*, the document waits whole.
"Unique" means that an older document holds the value, so the applier decides. "Orphan" means that the reference
points to nothing and is kept.

The page is made from \`apps/escrow/seed/legacy/dirt-table.ts\` by \`dirt-page.ts\` beside it; tests compare both, and the
table with what happens.
`

/** The page: what lies in every collection once, then what each collection has of its own. */
export function dirtPage(): string {
  const common = new Set(everywhere.map(({ kind }) => kind))
  const collections = [...new Set(dirtTable.map(({ collection }) => collection))]
  const sections = collections.map((collection) => {
    const own = dirtTable.filter((row) => row.collection === collection && !common.has(row.kind))
    return section(`\`${collection}\``, own)
  })
  const inAll = everywhere.map((row) => ({ collection: '', ...row }))
  return [head, section('Every collection', inAll), ...sections].join('\n')
}

function section(title: string, rows: readonly DirtRow[]): string {
  const lines = rows.map(({ kind, share, what, outcome, paths, by, orphan }) => {
    const becomes = [outcome, by, orphan === undefined ? undefined : 'orphan'].filter(Boolean).join(', ')
    return `| ${kind} | ${percent(share)} | ${what} | ${becomes} | ${paths.map((path) => `\`${path}\``).join(' ')} |`
  })
  const table = ['| kind | share | what | becomes | paths |', '| --- | --- | --- | --- | --- |', ...lines]
  return [`## ${title}`, '', ...table, ''].join('\n')
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`

if (import.meta.main) process.stdout.write(dirtPage())

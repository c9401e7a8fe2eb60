/**
 * Writes the table of dirt as a page for people:  node apps/escrow/seed/legacy/dirt-page.ts > docs/runbook/dirt.md
 */

import { type DirtRow, everywhere } from './dirt-table/dirt-row.ts'
import { dirtTable } from './dirt-table.ts'

const head = `# Dirt: what old documents look like, and what becomes of it

Every kind of dirt that the generated legacy data has, in its share of the collection's documents, and what the move
makes of it: _exact_, it lies in its column and comes back as it was; _extra_, the values at the paths are kept in the
row's \`extra\`, with the reason; _external_, the reference is kept as text; _quarantine_, the document waits whole.
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
  const cells = rows.map(({ kind, share, what, outcome, paths, by, orphan }) => [
    kind,
    percent(share),
    what,
    [outcome, by, orphan === undefined ? undefined : 'orphan'].filter(Boolean).join(', '),
    paths.map((path) => `\`${path}\``).join(' '),
  ])
  const tableText = cells.length === 0 ? 'Nothing: these few documents are as they should be.' : table(cells)
  return [`## ${title}`, '', tableText, ''].join('\n')
}

/** As the formatter of this repository has tables: every column as wide as its widest cell. */
function table(cells: readonly string[][]): string {
  const columns = ['kind', 'share', 'what', 'becomes', 'paths']
  const widths = columns.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`

if (import.meta.main) process.stdout.write(dirtPage())

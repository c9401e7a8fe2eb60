import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryDocument } from './arbitrary-document.ts'
import { compareRows } from './compare-rows.ts'
import { checkLaws } from './laws.ts'
import { counterMapping, orderMapping } from './test-mappings.ts'
import type { Row } from './types.ts'

describe('the laws of mappings', () => {
  it.each([orderMapping, counterMapping])('hold for arbitrary documents of $collection', (mapping) => {
    let mapped = 0
    fc.assert(
      fc.property(arbitraryDocument(mapping), (document) => {
        const id = '00000000-0000-8000-8000-000000000001'
        if (mapping.mapDocument(document, { id }).kind === 'mapped') mapped++
        expect(checkLaws(mapping, [document])).toEqual([])
      }),
      { numRuns: 300 },
    )
    // Were nearly everything refused, the laws would say nothing.
    expect(mapped).toBeGreaterThan(75)
  })

  it('hold for rows whose extra belongs to quite another state', () => {
    const documents = arbitraryDocument(orderMapping)
    fc.assert(
      fc.property(documents, documents, (now, before) => {
        const [present, past] = [orderMapping.mapDocument(now), orderMapping.mapDocument(before)]
        if (present.kind !== 'mapped' || past.kind !== 'mapped') return
        const [row, old] = [present.rows.tables.orders?.[0] as Row, past.rows.tables.orders?.[0] as Row]
        row.extra = old.extra ?? null
        // A rest of no members says nothing: `{}` and null are one state once there are members beside it.
        if (JSON.stringify(row.blockchain) === '{}') row.blockchain = null
        const again = orderMapping.mapDocument(orderMapping.rebuildDocument(present.rows))
        if (again.kind !== 'mapped') throw new Error(`refused: ${again.path} ${again.reason}`)
        // What the columns say stays; of extra, what still fits.
        const changed = compareRows(orderMapping, present.rows, again.rows).filter(
          ({ table, column }) => table !== 'orders' || column !== 'extra',
        )
        expect(changed).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

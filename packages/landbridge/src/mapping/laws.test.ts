import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryDocument } from './arbitrary-document.ts'
import { checkLaws } from './laws.ts'
import { counterMapping, orderMapping } from './test-mappings.ts'

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
    expect(mapped).toBeGreaterThan(150)
  })
})

import { checkLaws } from 'landbridge/laws'
import { describe, expect, test } from 'vitest'
import { payments } from '../domains/payment/legacy/mapping.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { dirtyPayments, dirtyUsers } from './testing/dirty-documents.ts'
import { asDecoded } from './testing/rows-as-read.ts'

describe.each([
  { mapping: users, documents: dirtyUsers },
  { mapping: payments, documents: dirtyPayments },
])('$mapping.collection', ({ mapping, documents }) => {
  test.each(documents)('$what', ({ document, kept, what }) => {
    const decoded = asDecoded(document)
    expect(checkLaws(mapping, [decoded])).toEqual([])
    // The twin loses its e-mail to a row of another document: the applier says so, the document alone cannot.
    const outcomes = what.includes('differs by case') ? [{ path: 'email', reason: 'unique' as const }] : []
    const outcome = mapping.mapDocument(decoded, { outcomes })
    expect(outcome.kind === 'mapped' && outcome.kept.map(({ path }) => path).sort()).toEqual(kept)
  })
})

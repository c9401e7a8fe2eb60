import { expect, it } from 'vitest'
import { type FamilyName, families } from './families.ts'
import { fuzzMapping } from './fuzz.ts'

// 20,000 documents in all, fewer where one costs more; `npm run fuzz` takes more. CI looks at the same ones each time.
const shares: Record<FamilyName, number> = {
  plain: 1_500,
  children: 1_000,
  derived: 1_000,
  growing: 1_500,
  'id-map': 3_000,
  ref3: 3_000,
  'json-rest': 3_000,
  'append-only': 3_000,
  money: 3_000,
}
const seed = process.env.CI === 'true' ? 20_261_125 : Date.now() % 4_000_000_000

it.each(Object.entries(shares) as [FamilyName, number][])(
  '%s: every one of %s documents is kept exactly or refused with a reason',
  async (family, documents) => {
    const report = await fuzzMapping(families[family], { documents, seed })
    expect(report.failures).toEqual([])
    expect(report.documents).toBe(documents)
    // Were nearly everything refused, or clean, this would say nothing.
    expect(report.mapped + report.kept).toBeGreaterThan(documents * 0.4)
    expect(Object.keys(report.quarantined).length).toBeGreaterThan(3)
  },
)

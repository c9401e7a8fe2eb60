import { planLaw } from 'landbridge/laws'
import { mongo } from 'mongoose'
import { describe, expect, it } from 'vitest'
import { legacyStreams } from '../../seed/legacy/generate.ts'
import { configure } from './landbridge.config.ts'

const mappings = new Map(
  configure({ rehearsal: true, mongoIsStandIn: true })
    .units.flatMap((unit) => unit.mappings)
    .map((mapping) => [mapping.collection, mapping]),
)

describe('compiled plans on legacy data', () => {
  it('do what the codecs do, and leave nearly no document to them', () => {
    let [mapped, walked] = [0, 0]
    for (const { collection, documents } of legacyStreams({ documents: 2_000, seed: 6 })) {
      const mapping = mappings.get(collection)
      if (mapping === undefined || mapping.identity === 'id-map') continue
      const check = planLaw(mapping)
      for (const { document } of documents()) {
        const said = check(mongo.BSON.serialize(document, { ignoreUndefined: true }))
        expect(said.breach, `${collection} ${String(document._id)}`).toBe(undefined)
        if (said.walked) walked++
        if (!said.refused) mapped++
      }
    }
    expect(mapped).toBeGreaterThan(1_700)
    expect(walked).toBeGreaterThan(mapped * 0.99)
  })
})

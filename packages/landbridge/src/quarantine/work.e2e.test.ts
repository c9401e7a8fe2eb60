import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Int32, ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import {
  acceptDocuments,
  exportDocuments,
  groupQuarantined,
  listQuarantined,
  releaseDocument,
  retryDocuments,
} from '../operator-api/quarantine.ts'
import { notesMapping, thingsMapping } from '../testing/sample-unit.ts'
import { sampleWorld } from '../testing/sample-world.ts'

const actor = 'maria'

/** Three things that are too dear for their CHECK, and two notes without a body. */
async function worldWithTrouble() {
  const world = await sampleWorld('shadow')
  const { engine } = world
  const ids = Array.from({ length: 5 }, () => new ObjectId())
  const things = ids.slice(0, 3).map((_id, at) => ({ _id, price: new Int32(2_000_000 + at) }))
  const notes = ids.slice(3).map((_id) => ({ _id }))
  await engine.database.collection('things').insertMany(things)
  await engine.database.collection('notes').insertMany(notes)
  await mirrorToPostgres(engine, thingsMapping, ids.slice(0, 3), { reason: 'capture' })
  await mirrorToPostgres(engine, notesMapping, ids.slice(3), { reason: 'capture' })
  return { world, engine, ids }
}

it('groups what waits for one reason, tries it dry and for real, and says what became of each', async () => {
  const { world, engine, ids } = await worldWithTrouble()
  await using _ = world
  const groups = await groupQuarantined(engine)
  expect(groups).toMatchObject([
    { collection: 'things', code: 'check', count: 3, unresolved: 3 },
    {
      collection: 'notes',
      path: 'body',
      code: 'required',
      count: 2,
      examples: [String(ids[3]), String(ids[4])],
    },
  ])
  const [dear, bare] = groups
  const listed = await listQuarantined(engine, { signature: dear?.signature })
  expect(listed.map((each) => each.signature)).toEqual([dear?.signature, dear?.signature, dear?.signature])

  // The mapping takes the price; that Postgres refuses the row, only Postgres can say.
  const tried = await retryDocuments(engine, { actor, dryRun: true })
  expect(tried.counts).toEqual({ 'would-map': 3, refused: 2 })
  expect(await listQuarantined(engine)).toHaveLength(5)

  await engine.database.collection('things').updateOne({ _id: ids[0] }, { $set: { price: new Int32(1) } })
  await engine.database.collection('things').deleteOne({ _id: ids[1] })
  const report = await retryDocuments(engine, { actor, signature: dear?.signature })
  expect(report).toMatchObject({ tried: 3, counts: { released: 1, gone: 1, refused: 1 } })
  const became = new Map(report.documents.map((each) => [each.id, each]))
  expect(became.get(String(ids[0]))).toMatchObject({ outcome: 'released', signature: dear?.signature })
  expect(became.get(String(ids[1]))).toMatchObject({ outcome: 'gone' })
  expect(became.get(String(ids[2]))).toMatchObject({ outcome: 'refused', refusal: { code: 'check' } })
  expect(report.waiting.map((group) => group.count)).toEqual([2, 1])

  await acceptDocuments(engine, { actor, reason: 'nothing refers to them', signature: bare?.signature })
  expect(await retryDocuments(engine, { actor })).toMatchObject({ tried: 1 })
  await expect(retryDocuments(engine, { actor, signature: bare?.signature })).rejects.toMatchObject({
    code: 'LB_UNKNOWN_NAME',
  })
  expect(
    await retryDocuments(engine, { actor, signature: bare?.signature, unresolvedOnly: false }),
  ).toMatchObject({ tried: 2, counts: { refused: 2 } })
})

it('in phase postgres a mended document is brought into Postgres', async () => {
  const { world, engine, ids } = await worldWithTrouble()
  await using _ = world
  await world.setPhase('postgres')
  await engine.database.collection('notes').updateOne({ _id: ids[3] }, { $set: { body: 'now' } })
  expect(await retryDocuments(engine, { actor, collection: 'notes' })).toMatchObject({
    counts: { released: 1, refused: 1 },
  })
  expect(await releaseDocument(engine, { actor, collection: 'notes', id: String(ids[4]) })).toMatchObject({
    outcome: 'refused',
    refusal: { path: 'body' },
  })
})

it('exports the bytes as they are, with reasons, and overwrites nothing', async () => {
  const { world, engine, ids } = await worldWithTrouble()
  await using _ = world
  const folder = await mkdtemp(join(tmpdir(), 'quarantine-'))
  try {
    const exported = await exportDocuments(engine, { actor, folder })
    expect(exported).toMatchObject({
      documents: 5,
      collections: [
        { collection: 'notes', documents: 2 },
        { collection: 'things', documents: 3 },
      ],
    })
    const { rows } = await engine.pool.query(
      "select raw from landbridge.quarantine where collection = 'things' order by legacy_id",
    )
    expect(await readFile(join(folder, 'things.bson'))).toEqual(Buffer.concat(rows.map((row) => row.raw)))
    const reasons: unknown = JSON.parse(await readFile(join(folder, 'notes.reasons.json'), 'utf8'))
    expect(reasons).toMatchObject([
      { id: { $oid: String(ids[3]) }, path: 'body', code: 'required' },
      { id: { $oid: String(ids[4]) } },
    ])
    await expect(exportDocuments(engine, { actor, folder })).rejects.toMatchObject({ code: 'LB_USAGE' })
  } finally {
    await rm(folder, { recursive: true })
  }
})

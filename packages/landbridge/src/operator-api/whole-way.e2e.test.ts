import { ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { install } from '../install.ts'
import { recordSamples } from '../shadow/shadow-samples.ts'
import { crossingWorld } from '../testing/crossing-world.ts'
import { advance } from './advance.ts'
import { audit } from './audit.ts'
import { backfill } from './backfill.ts'
import { doctor } from './doctor.ts'
import { drill } from './drill.ts'
import { finish } from './finish.ts'
import { gates, recordContract, waive } from './gates.ts'
import { plan } from './plan.ts'
import { preflight } from './preflight.ts'
import { acceptDocuments, listQuarantined, releaseDocument, showQuarantined } from './quarantine.ts'
import { retire } from './retire.ts'
import { rollback } from './rollback.ts'
import { shadow } from './shadow.ts'
import { status } from './status.ts'
import { verify } from './verify.ts'

const actor = 'maria'
const unit = 'sample'
const passed = { passed: 12, failed: 0 }
const scaled = {
  shadowContentMs: 1,
  noMismatchMs: 60_000,
  watchMs: 1,
  verifyGraceMs: 300,
  fenceDeadlineMs: 15_000,
  pauseBudgetMs: 5_000,
}

it('walks a unit the whole way, each step only when its gates let it', { timeout: 60_000 }, async () => {
  await using world = await crossingWorld({ phase: 'mongo', timing: scaled })
  const { engine, ids } = world
  const notes = engine.database.collection('notes')
  const refused = new ObjectId()
  await notes.insertOne({ _id: refused, body: 7 })

  // mongo -> mirror: gates 1 and 2
  const step = () => advance(engine, { unit, actor })
  await expect(step()).rejects.toMatchObject({ code: 'LB_GATE_NOT_MET' })
  const found = await preflight(engine, { unit, actor })
  expect(found).toMatchObject({ documents: 11 })
  expect(found.findings).toMatchObject([
    { collection: 'notes', outcome: 'quarantine', path: 'body', count: 1 },
  ])
  await expect(recordContract(engine, { actor, build: 'other', units: {} })).rejects.toMatchObject({
    code: 'LB_USAGE',
  })
  await recordContract(engine, {
    actor,
    build: 'test',
    units: { sample: { mongo: passed, postgres: passed } },
  })
  expect(await step()).toMatchObject({ kind: 'advanced', change: { to: 'mirror', pauseMs: null } })

  // mirror -> shadow: gates 3 and 4
  const unmet = await gates(engine, { unit })
  expect(unmet).toMatchObject({ ready: false, into: 'shadow' })
  expect(unmet.gates.map((gate) => [gate.gate, gate.met])).toEqual([
    [3, false],
    [4, true],
  ])
  expect(await backfill(engine, { unit, actor })).toMatchObject({ complete: true })
  expect(await step()).toMatchObject({ kind: 'advanced', change: { to: 'shadow' } })

  // shadow -> postgres: gates 1 to 8
  await verify(engine, { unit, actor })
  const { epoch } = await world.row()
  const sample = {
    unit,
    method: 'things.get',
    epoch,
    matched: true,
    authorityMs: 2,
    otherMs: 1,
    differences: [],
  }
  await recordSamples(engine.pool, [sample, sample])
  expect(await shadow(engine, { unit })).toMatchObject({ mismatches: 0, methods: [{ reads: 2 }] })
  await expect(step()).rejects.toThrow(/gate 8 \(drilled\)/)
  const drilled = await drill(engine, { unit, actor })
  expect(drilled).toMatchObject({ kind: 'scratch', drill: { ok: true, entities: 10, failures: [] } })
  expect((await gates(engine, { unit })).gates.filter((gate) => !gate.met)).toEqual([])
  const dry = await advance(engine, { unit, actor, dryRun: true })
  expect(dry).toMatchObject({ kind: 'dry-run', fence: { to: 'postgres', gaps: 0 } })
  expect(await step()).toMatchObject({ kind: 'advanced', change: { to: 'postgres' } })
  expect(await advance(engine, { unit, actor, to: 'postgres' })).toMatchObject({ kind: 'nothing-to-do' })

  // what stands in quarantine is resolved, or the unit does not retire
  expect(await listQuarantined(engine, { unit })).toMatchObject([
    { collection: 'notes', id: String(refused) },
  ])
  const shown = await showQuarantined(engine, { collection: 'notes', id: String(refused) })
  expect(shown.document).toMatchObject({ body: { $numberInt: '7' } })
  expect(await releaseDocument(engine, { actor, collection: 'notes', id: String(refused) })).toMatchObject({
    outcome: 'refused',
  })
  await expect(retire(engine, { unit, actor })).rejects.toThrow(/unresolved/)
  expect(await acceptDocuments(engine, { actor, unit, reason: 'a test note' })).toEqual({ accepted: 1 })
  await verify(engine, { unit, actor })

  // postgres -> retired: gate 9
  expect(await retire(engine, { unit, actor })).toMatchObject({
    kind: 'retired',
    renamed: ['things__retired', 'notes__retired'],
  })
  expect(await retire(engine, { unit, actor })).toMatchObject({ kind: 'nothing-to-do' })
  await expect(rollback(engine, { unit, actor, reason: 'too late' })).rejects.toMatchObject({
    code: 'LB_STEP_NOT_ALLOWED',
  })
  // A forgotten script must not create the collection anew.
  expect(await world.writable()).toEqual({ mongo: false, postgres: true })
  const kept = engine.database.collection('things__retired')
  expect(await kept.countDocuments()).toBe(ids.length)
  await expect(kept.insertOne({ name: 'no' })).rejects.toMatchObject({ code: 121 })

  expect((await status(engine)).units).toMatchObject([{ phase: 'retired', next: 'nothing: it is retired' }])
  const actions = (await audit(engine, { unit })).map((row) => row.action)
  expect(actions).toEqual(expect.arrayContaining(['preflight', 'gates', 'change-phase', 'verify', 'drill']))

  await world.node.stop()
  const printed = await finish(engine)
  expect(printed).toMatchObject({ executed: false })
  expect(printed.sql.at(-1)).toBe('drop schema landbridge cascade')
  expect(await finish(engine, { run: true })).toMatchObject({ executed: true })
  expect(await finish(engine, { run: true })).toMatchObject({ sql: [], executed: false })
  // A verb that is called once more must not put the engine back in front of the final program.
  await expect(install(engine)).rejects.toMatchObject({ code: 'LB_CONFIG' })
  expect(await finish(engine)).toMatchObject({ sql: [] })
  await engine.pool.query("update things set name = 'free again' where id = (select id from things limit 1)")
})

it('goes there and back alive in a rehearsal, and keeps the evidence of the real steps', async () => {
  await using world = await crossingWorld({ timing: scaled })
  const before = await world.row()
  const result = await drill(world.engine, { unit, actor, live: true, seconds: 0 })
  expect(result).toMatchObject({ kind: 'live', drill: { ok: true, differences: 0 } })
  const after = await world.row()
  expect(after).toMatchObject({ phase: 'shadow', entered: before.entered })
  world.engine.config.rehearsal = false
  await expect(drill(world.engine, { unit, actor, live: true })).rejects.toMatchObject({
    code: 'LB_STEP_NOT_ALLOWED',
  })
})

it('a live drill whose way back is refused tries until it is back, and does not stay on Postgres', async () => {
  await using world = await crossingWorld({ timing: scaled })
  const { timing } = world.engine.config
  const told: string[] = []
  const result = await drill(world.engine, { unit, actor, live: true, seconds: 0 }, (what) => {
    told.push(what)
    // No stream is as quick as this budget asks.
    if (what.startsWith('on Postgres')) timing.pauseBudgetMs = 0
    if (what.startsWith('not back yet')) timing.pauseBudgetMs = scaled.pauseBudgetMs
  })
  expect(told.filter((what) => what.startsWith('not back yet'))).toHaveLength(1)
  expect(result).toMatchObject({ kind: 'live', drill: { ok: true } })
  expect(await world.row()).toMatchObject({ phase: 'shadow' })
})

it('waives only by name and reason, and names what it does not know', async () => {
  await using world = await crossingWorld({ phase: 'mongo' })
  const { engine } = world
  await expect(waive(engine, { unit, gates: [7], actor, reason: ' ' })).rejects.toMatchObject({
    code: 'LB_USAGE',
  })
  await expect(gates(engine, { unit: 'nobody' })).rejects.toThrow(/units are: sample/)
  await waive(engine, { unit, gates: [1, 2], actor, reason: 'a test of waivers' })
  expect(await gates(engine, { unit })).toMatchObject({
    ready: true,
    gates: [{ met: false, waived: { by: actor } }, { met: false }],
  })
  expect(await plan(engine)).toMatchObject([{ name: 'sample', phase: 'mongo' }])
  const health = await doctor(engine, { actor })
  expect(health.checks.filter((check) => check.level === 'bad')).toEqual([])
})

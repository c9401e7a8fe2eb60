import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { startCapture } from '../capture/change-stream.ts'
import type { Engine } from '../engine.ts'
import { changePhase } from '../fence/change-phase.ts'
import { writeCopy } from '../fence/copy.ts'
import { cutConnection } from '../testing/cut-connection.ts'
import { engineWorld } from '../testing/engine-world.ts'
import { heartbeat } from './heartbeat.ts'
import { pingNodes } from './ping.ts'
import type { UnitView } from './unit-view.ts'
import { watchUnits } from './unit-watch.ts'

/** A unit is mirrored only once its changes are captured. */
async function intoMirror(engine: Engine): Promise<void> {
  const capture = startCapture(engine)
  try {
    await changePhase(engine, { unit: 'sample', to: 'mirror', actor: 'test' })
  } finally {
    await capture.stop()
  }
}

it('shows a change of phase at once, and tells its listeners', async () => {
  await using world = await engineWorld()
  const watch = await watchUnits(world.engine)
  const seen: UnitView[] = []
  watch.onChange((view) => seen.push(view))
  expect(watch.current('sample')).toMatchObject({ authority: 'mongo', phase: 'mongo', held: false })
  await intoMirror(world.engine)
  await vi.waitFor(() => expect(watch.current('sample').phase).toBe('mirror'))
  expect(seen.map((view) => view.phase)).toEqual(['mirror'])
  expect(watch.current('nobody').authority).toBe('unknown')
  await watch.stop()
})

it('answers a ping with its heartbeat, and is named silent when it does not', async () => {
  await using world = await engineWorld({ timing: { pingMs: 400 } })
  const node = await world.another('node')
  const watch = await watchUnits(node, { report: heartbeat(node, 'application', () => []) })
  expect(await pingNodes(world.engine)).toMatchObject({ answered: [{ name: 'node' }], silent: [], dead: [] })
  await watch.stop()
  expect((await pingNodes(world.engine)).silent.map((each) => each.name)).toEqual(['node'])
})

it('goes by the copy in MongoDB while Postgres is away, and by the row again afterwards (C4)', async () => {
  await using world = await engineWorld()
  await using way = await cutConnection(world.postgresUrl)
  await intoMirror(world.engine)
  const node = await world.another('cut off', { postgresUrl: way.url })
  const watch = await watchUnits(node)
  expect(watch.current('sample')).toMatchObject({ authority: 'mongo', phase: 'mirror' })

  way.cut()
  await sleep(500)
  expect(watch.current('sample')).toMatchObject({ authority: 'mongo', held: false })

  // The others close the copy: this node cannot see the row, and serves nothing of the unit, reads neither.
  await writeCopy(world.engine, { unit: 'sample', authority: 'postgres', epoch: 99n }, 1_000)
  await vi.waitFor(() => expect(watch.current('sample').authority).toBe('unknown'), 3_000)

  way.heal()
  await vi.waitFor(() => expect(watch.current('sample').phase).toBe('mirror'), 5_000)
  await watch.stop()
})

it('starts by the copy while Postgres is away, and serves nothing without one', async () => {
  await using world = await engineWorld()
  await using way = await cutConnection(world.postgresUrl)
  way.cut()
  const node = await world.another('restarted', { postgresUrl: way.url })
  const before = await watchUnits(node)
  expect(before.current('sample').authority).toBe('unknown')
  await before.stop()
  await writeCopy(world.engine, { unit: 'sample', authority: 'mongo', epoch: 3n }, 1_000)
  const after = await watchUnits(node)
  expect(after.current('sample')).toMatchObject({ authority: 'mongo', phase: null, epoch: 3n })
  await after.stop()
})

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { writeMarker } from '../source/marker.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { drainToMarker, hasPassed } from './caught-up.ts'
import { startCapture } from './change-stream.ts'
import { forgetOldMarkers } from './markers-seen.ts'
import { readPosition } from './position.ts'

it('a marker has been passed only when it came back, and is forgotten long after', async () => {
  await using world = await sampleWorld('mongo')
  const { engine } = world
  const capture = startCapture(engine)
  while ((await readPosition(engine.pool)) === undefined) await sleep(10)
  await capture.stop()
  const marker = await writeMarker(engine, 'test')
  expect(await hasPassed(engine, marker)).toBe(false)
  await expect(drainToMarker(engine, { purpose: 'test', timeoutMs: 100 })).rejects.toMatchObject({
    code: 'LB_CAPTURE_BEHIND',
  })
  const again = startCapture(engine)
  await drainToMarker(engine, { purpose: 'test', timeoutMs: 10_000 })
  expect(await hasPassed(engine, marker)).toBe(true)
  await again.stop()

  const markers = engine.database.collection('landbridge_markers')
  await markers.updateOne({ _id: marker.id }, { $set: { at: new Date(0) } })
  const before = await markers.countDocuments()
  await forgetOldMarkers(engine)
  expect(await markers.countDocuments()).toBe(before - 1)
})

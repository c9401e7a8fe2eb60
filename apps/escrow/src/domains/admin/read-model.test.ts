import { expect, test } from 'vitest'
import { fixedClock, SECOND } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { ConfigSetting } from './model.ts'
import { createSettingsReadModel } from './read-model.ts'

const clock = fixedClock('2026-03-01T10:00:00.000Z')

function setting(key: string, value: unknown): ConfigSetting {
  const nothing = { type: null, description: null, updatedBy: null, createdAt: null, updatedAt: null }
  return { id: newId(), key, value, ...nothing }
}

test('a threshold is the stored number above the floor, of the last 30 seconds', async () => {
  let stored = [setting('confirmation_threshold:56', 250), setting('confirmation_threshold:1', '60')]
  const read = { settings: { list: async () => stored } }
  const model = createSettingsReadModel({
    units: { config: { read } } as unknown as Pick<Units, 'config'>,
    clock,
  })
  expect(await model.confirmationThreshold(56)).toBe(250)
  expect(await model.confirmationThreshold(1)).toBe(50)
  expect(await model.confirmationThreshold('ton')).toBe(120)
  expect(await model.confirmationThreshold(4711)).toBeNull()

  stored = [setting('confirmation_threshold:56', 12)]
  expect(await model.value('confirmation_threshold:56')).toBe(250)
  clock.advance(30 * SECOND)
  expect(await model.value('confirmation_threshold:56')).toBe(12)
  expect(await model.confirmationThreshold(56)).toBe(200)
})

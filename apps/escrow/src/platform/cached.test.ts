import { expect, test } from 'vitest'
import { cached } from './cached.ts'
import { fixedClock, SECOND } from './clock.ts'

const clock = fixedClock('2026-03-01T10:00:00.000Z')

test('a value is served until its time is over, or it is forgotten', async () => {
  let loads = 0
  const value = cached(clock, 30 * SECOND, async () => ++loads)
  expect(await Promise.all([value.get(), value.get()])).toEqual([1, 1])
  clock.advance(30 * SECOND - 1)
  expect(await value.get()).toBe(1)
  clock.advance(1)
  expect(await value.get()).toBe(2)
  value.forget()
  expect(await value.get()).toBe(3)
})

test('a failure is not kept', async () => {
  let loads = 0
  const value = cached(clock, 30 * SECOND, async () => {
    loads += 1
    if (loads === 1) throw new Error('away')
    return loads
  })
  await expect(value.get()).rejects.toThrow('away')
  expect(await value.get()).toBe(2)
})

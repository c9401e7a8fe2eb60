import { expect, it } from 'vitest'
import { percentile95, startProbe } from './probe.ts'

it('the 95th percentile leaves out the slowest twentieth, and of few values none', () => {
  expect(percentile95([])).toBe(0)
  expect(percentile95([3, 1, 2])).toBe(3)
  expect(percentile95(Array.from({ length: 100 }, (_, at) => at + 1))).toBe(95)
})

it('the first answer, which pays for the connection, is not counted', async () => {
  let asked = 0
  const probe = startProbe(async () => {
    asked += 1
    if (asked === 1) await new Promise((resolve) => setTimeout(resolve, 300))
  })
  expect(await probe.look()).toBeLessThan(150)
  expect(asked).toBe(6)
})

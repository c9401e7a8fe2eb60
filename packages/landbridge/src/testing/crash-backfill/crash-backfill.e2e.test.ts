import { expect, inject, it } from 'vitest'
import { crashBackfill } from './crash-backfill.ts'

it('workers that are killed beside live writes cost nothing but their chunks', {
  timeout: 120_000,
}, async () => {
  const report = await crashBackfill({
    postgresUrl: inject('postgresUrl'),
    mongoUrl: inject('mongoUrl'),
    kills: 3,
    seed: 7,
    documents: 1_500,
    workers: 2,
    writesPerSecond: 100,
  })
  expect(report).toMatchObject({ kills: 3, differences: 0, gapsLeft: 0 })
  expect(report.killsInChunk).toBeGreaterThan(0)
  expect(report.compared).toBeGreaterThanOrEqual(report.documents)
})

import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-server.ts'
import { type RoundReport, runCrashTest } from './crash-test.ts'

describe('a server that is killed under load', () => {
  it('has kept what it has acknowledged, once, and tells all changes in order', {
    timeout: 60_000,
  }, async () => {
    using folder = temporaryFolder()
    const reports: RoundReport[] = []
    await runCrashTest({
      folder: folder.path,
      rounds: 6,
      seed: 20,
      onRound: (report) => reports.push(report),
    })
    expect(reports).toHaveLength(6)
    for (const { acknowledged } of reports) expect(acknowledged).toBeGreaterThan(20)
  })
})

import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import { families } from './families.ts'
import { fuzzMapping } from './fuzz.ts'
import { postgresTrip } from './postgres-trip.ts'

const seed = process.env.CI === 'true' ? 20_261_125 : Date.now() % 4_000_000_000

it('documents of every family come back from a real server as they went, by COPY and by INSERT', async () => {
  await using database = await freshDatabase()
  const client = await database.pool.connect()
  try {
    // Offsets of old dates have seconds there, and a parser that forgets them shows.
    await client.query("set time zone 'Asia/Tehran'")
    for (const mapping of Object.values(families)) {
      const trip = await postgresTrip(client, mapping)
      const report = await fuzzMapping(mapping, { documents: 200, seed, trip })
      expect(report.failures).toEqual([])
      expect(report.mapped + report.kept).toBeGreaterThan(50)
    }
  } finally {
    client.release()
  }
})

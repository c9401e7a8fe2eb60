import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandIn, startStandIn } from '../index.ts'
import { allCases, topics } from './cases/index.ts'
import { runCase } from './run-case.ts'

/**
 * The conformance table against the stand-in. With CONFORMANCE_URL it runs against another server instead: who has a
 * mongod (a replica set, 8.0) checks the table itself with `CONFORMANCE_URL=mongodb://... npx vitest run conformance`,
 * or with `npm run conformance -- --url mongodb://...`, which prints the differences alone.
 */
describe('conformance', () => {
  let standIn: StandIn | undefined
  let client: MongoClient
  let db: Db

  beforeAll(async () => {
    const url = process.env.CONFORMANCE_URL
    if (url === undefined) standIn = await startStandIn()
    client = await new MongoClient(url ?? standIn?.url ?? '').connect()
    db = client.db(`conformance-${process.pid}`)
  })

  afterAll(async () => {
    await client?.close()
    await standIn?.close()
  })

  it('gives every case a name of its own, a page and a statement', () => {
    expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length)
    for (const { page, says } of allCases) {
      expect(page).toMatch(/^[a-z][\w$./#-]+$/i)
      expect(says.length).toBeGreaterThan(10)
    }
  })

  for (const [topic, cases] of Object.entries(topics)) {
    describe(topic, () => {
      it.each(cases.map((one) => ({ ...one })))('$name', async (one) => {
        const { expected, actual } = await runCase(client, db, one)
        expect(actual, `${one.page}: ${one.says}`).toEqual(expected)
      })
    })
  }
})

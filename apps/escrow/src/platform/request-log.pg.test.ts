import { Writable } from 'node:stream'
import { pino } from 'pino'
import { freshDatabase } from 'test-world/postgres'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createPool } from './database.ts'
import { addRoutes, createHttpApp } from './http.ts'
import { queryCountHeader } from './request-log.ts'

const params = z.object({ queries: z.coerce.number() })

async function exampleApp({ showQueries }: { showQueries: boolean }) {
  const database = await freshDatabase()
  const pool = createPool(database.url, () => undefined)
  const lines: { msg: string; route?: string | null; queries?: number; res?: { statusCode: number } }[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const app = createHttpApp({ logger: pino(stream), showQueries })
  addRoutes(app, (api) => {
    api.post('/pool/:queries', { schema: { params, body: z.object({}) } }, async ({ params }) => {
      const all = Array.from({ length: params.queries }, () => pool.query('select pg_sleep(0.002)'))
      await Promise.all(all)
      return {}
    })
    api.get('/transaction/:queries', { schema: { params } }, async ({ params }) => {
      const client = await pool.connect()
      for (let query = 0; query < params.queries; query += 1) await client.query('select $1::int', [query])
      client.release()
      return {}
    })
    api.get('/fault', async () => {
      await pool.query('select 1 / 0')
    })
  })
  return {
    app,
    pool,
    lines,
    async [Symbol.asyncDispose]() {
      await app.close()
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('each answer tells its own queries, also when many wait for a connection at once', async () => {
  await using world = await exampleApp({ showQueries: true })
  const asked = Array.from({ length: 40 }, (_, index) => index % 7)
  const told = await Promise.all(
    asked.map(async (queries) => {
      const post = { method: 'POST', url: `/pool/${queries}`, payload: {} } as const
      const response = await world.app.inject(queries % 2 === 0 ? post : `/transaction/${queries}`)
      expect(response.statusCode).toBe(200)
      return Number(response.headers[queryCountHeader])
    }),
  )
  expect(told).toEqual(asked)
  expect(await world.pool.query('select 1')).toMatchObject({ rowCount: 1 })
})

test('the log has one line for each request, with its route and queries; strangers see no header', async () => {
  await using world = await exampleApp({ showQueries: false })
  const response = await world.app.inject('/transaction/3')
  expect(response.headers).not.toHaveProperty(queryCountHeader)
  await world.app.inject('/fault')
  await world.app.inject('/nowhere')
  const completed = world.lines.filter(({ msg }) => msg === 'request completed')
  expect(completed.map(({ route, queries, res }) => [res?.statusCode, route, queries])).toEqual([
    [200, 'GET /transaction/:queries', 3],
    [500, 'GET /fault', 1],
    [404, null, 0],
  ])
})

test('the metrics sum up time and queries by route, method and status, and know no ids', async () => {
  await using world = await exampleApp({ showQueries: false })
  await world.app.inject('/transaction/3')
  await world.app.inject('/transaction/4')
  await world.app.inject('/fault')
  await world.app.inject('/nobody/7')
  const { body, headers } = await world.app.inject('/metrics')
  expect(headers['content-type']).toMatch(/^text\/plain/)
  const labels = '{method="GET",route="/transaction/:queries",status="200"}'
  expect(body).toContain(`http_request_queries_sum${labels} 7\n`)
  expect(body).toContain(`http_request_duration_seconds_count${labels} 2\n`)
  expect(body).toContain('http_request_queries_count{method="GET",route="/fault",status="500"} 1\n')
  expect(body).toContain('http_request_queries_count{method="GET",route="none",status="404"} 1\n')
  expect(body).not.toContain('/nobody/7')
})

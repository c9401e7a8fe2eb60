import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DomainError, unitUnavailable } from './errors.ts'
import { addRoutes, createHttpApp, type HttpApp } from './http.ts'
import { silentLogger } from './logger.ts'
import { amountSchema } from './money.ts'

function exampleApp() {
  const app = createHttpApp({ logger: silentLogger })
  addRoutes(app, exampleRoutes)
  return app
}

function exampleRoutes(app: HttpApp) {
  const body = z.object({ amount: amountSchema })
  app.post(
    '/money',
    { schema: { body, response: { 200: z.object({ amount: z.string() }) } } },
    async (request) => ({
      amount: request.body.amount,
    }),
  )
  app.post('/raw', async (request) => ({ bytes: request.rawBody?.toString() ?? null }))
  app.get('/fault', async () => {
    throw new Error('password=hunter2')
  })
  app.get('/away', async () => {
    throw unitUnavailable('user')
  })
  app.get('/refused', async () => {
    throw new DomainError({ code: 'NO', status: 409, title: 'No', detail: 'Do something else.' })
  })
}

describe('the HTTP application', () => {
  test('a refusal is a problem document with what old clients read', async () => {
    const response = await exampleApp().inject('/refused')
    expect(response.statusCode).toBe(409)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({
      type: 'urn:escrow:problem:no',
      title: 'No',
      status: 409,
      detail: 'Do something else.',
      success: false,
      message: 'Do something else.',
      code: 'NO',
    })
  })

  test('a fault says nothing of its cause', async () => {
    const response = await exampleApp().inject('/fault')
    expect(response.statusCode).toBe(500)
    expect(response.json().code).toBe('INTERNAL')
    expect(response.body).not.toContain('hunter2')
  })

  test('a unit that is away says when to come back', async () => {
    const response = await exampleApp().inject('/away')
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '2'])
  })

  test('money is text: a JSON number is refused by its field', async () => {
    const app = exampleApp()
    const good = await app.inject({ method: 'POST', url: '/money', payload: { amount: '12.50' } })
    expect(good.json()).toEqual({ amount: '12.5' })
    const bad = await app.inject({ method: 'POST', url: '/money', payload: { amount: 12.5 } })
    expect(bad.statusCode).toBe(400)
    expect(bad.json().errors).toEqual([
      { path: 'body.amount', message: expect.stringContaining('JSON number') },
    ])
  })

  test('the bytes of the body are kept for signatures', async () => {
    const payload = '{ "a":1.0 }'
    const headers = { 'content-type': 'application/json' }
    const response = await exampleApp().inject({ method: 'POST', url: '/raw', payload, headers })
    expect(response.json()).toEqual({ bytes: payload })
  })

  test.each(['{"a":', '{"__proto__":{"x":1}}'])('%s is refused as a bad request', async (payload) => {
    const headers = { 'content-type': 'application/json' }
    const response = await exampleApp().inject({ method: 'POST', url: '/raw', payload, headers })
    expect(response.statusCode).toBe(400)
    expect(response.json().success).toBe(false)
  })

  test('unknown routes are named; the API describes itself', async () => {
    const app = exampleApp()
    expect((await app.inject('/nowhere?x=1')).json()).toMatchObject({ code: 'ROUTE_NOT_FOUND', status: 404 })
    const { openapi, paths } = (await app.inject('/openapi.json')).json()
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths)).toContain('/money')
  })
})

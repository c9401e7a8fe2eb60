import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { HttpApp } from './http.ts'

/**
 * GET /metrics in Prometheus' text format: how long each route takes, how many queries it sends to its stores, and what
 * the process uses. A route is named as it was declared, so that ids make no lines of their own. Whoever can reach the
 * port can read it: keep it from the public at the proxy.
 */
export function registerMetrics(app: HttpApp): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const labelNames = ['method', 'route', 'status'] as const
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  })
  const queries = new Histogram({
    name: 'http_request_queries',
    help: 'Statements and commands that a request sends to its stores, BEGIN and COMMIT included.',
    labelNames,
    buckets: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [register],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      // A path that nobody declared would let strangers make as many lines as they like.
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    }
    duration.observe(labels, reply.elapsedTime / 1_000)
    queries.observe(labels, request.queryCount?.queries ?? 0)
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    reply.type(register.contentType)
    return register.metrics()
  })
}

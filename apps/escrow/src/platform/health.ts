import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { WithEffects } from './effects.ts'
import type { HttpApp } from './http.ts'
import type { UnitStore } from './unit-store.ts'

const readiness = z.enum(['ready', 'unavailable'])
const readyView = z.object({ success: z.boolean(), units: z.record(z.string(), readiness) })

/** Live: the process answers. Ready: each unit's store answers; one that does not is named, the others go on. */
export function registerHealthRoutes(
  app: HttpApp,
  { units, clock }: { units: Record<string, UnitStore<WithEffects>>; clock: Clock },
): void {
  const tags = ['health']

  app.get(
    '/api/health',
    { schema: { tags, response: { 200: z.object({ success: z.literal(true), status: z.literal('ok') }) } } },
    async () => ({ success: true as const, status: 'ok' as const }),
  )

  app.get(
    '/api/health/ready',
    { schema: { tags, response: { 200: readyView, 503: readyView } } },
    async (request, reply) => {
      const states = await Promise.all(
        Object.entries(units).map(async ([name, store]) => {
          try {
            await store.read.effects.pending(1, clock.now())
            return [name, 'ready'] as const
          } catch (error) {
            request.log.warn({ err: error, unit: name }, 'a unit is not ready')
            return [name, 'unavailable'] as const
          }
        }),
      )
      const success = states.every(([, state]) => state === 'ready')
      return reply.status(success ? 200 : 503).send({ success, units: Object.fromEntries(states) })
    },
  )
}

import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { HttpApp } from './http.ts'
import { countQueriesOn, type QueryCount } from './query-count.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request has sent to its stores so far; null before its first hook. */
    queryCount: QueryCount | null
  }
}

export const queryCountHeader = 'x-query-count'

/**
 * Counts the queries that each request sends to its stores: a number that grows with the rows of an answer is a loop of
 * queries. It stands in the request's line in the log; `showQueries` tells it to the developer in a header, too.
 */
export function countQueriesOfRequests(app: HttpApp, { showQueries }: { showQueries: boolean }): void {
  app.decorateRequest('queryCount', null)
  app.addHook('onRequest', (request, _reply, done) => {
    request.queryCount = { queries: 0 }
    countQueriesOn(request.queryCount, done)
  })
  // Reading a body ends in the context of its socket.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.queryCount === null) done()
    else countQueriesOn(request.queryCount, done)
  })
  if (!showQueries) return
  app.addHook('onSend', async (request, reply) => {
    reply.header(queryCountHeader, queriesOf(request))
  })
}

/**
 * Fastify's lines. That of a completed request has its number of queries and its route as it was declared, so that a
 * log's reader can sum the one up by the other.
 */
export class RequestLog extends LogController {
  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    const line = {
      res: reply,
      responseTime: reply.elapsedTime,
      route: request.routeOptions.url === undefined ? null : `${request.method} ${request.routeOptions.url}`,
      queries: queriesOf(request),
    }
    if (error) reply.log.error({ ...line, err: error }, 'request errored')
    else reply.log.info(line, 'request completed')
  }
}

function queriesOf(request: FastifyRequest): number {
  return request.queryCount?.queries ?? 0
}
